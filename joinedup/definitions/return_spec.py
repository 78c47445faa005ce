"""The specification of a return: tables, columns, code lists, questionnaires and national rules, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import field_validator, model_validator

from joinedup.definitions.reading import FOLDER, Definition, build, list_files, load
from joinedup.definitions.return_clinical import (
    Circumstance,
    EndCodeGroups,
    Questionnaire,
    Questionnaires,
    TherapyType,
    TherapyTypes,
)
from joinedup.definitions.return_rules import Condition, Rule, TableRules
from joinedup.definitions.return_tables import CodeList, CodeLists, Column, Table, find
from joinedup.errors import DefinitionBroken, UnknownName

__all__ = [
    "Circumstance",
    "CodeList",
    "Column",
    "Condition",
    "EndCodeGroups",
    "Questionnaire",
    "ReturnSpec",
    "Rule",
    "Table",
    "TherapyType",
    "assemble",
]


class Facts(Definition):
    """What spec.yaml says: which return, which versions, where the facts come from."""

    id: str
    version: str
    rules_version: str
    title: str
    in_force_from: str
    sources: Mapping[str, str]
    mandation_codes: Mapping[str, str]
    severity_codes: Mapping[str, str]
    notes: tuple[str, ...]


class ReturnSpec(Facts):
    """Everything joinedup knows about one return."""

    tables: tuple[Table, ...]
    code_lists: tuple[CodeList, ...]
    questionnaires: tuple[Questionnaire, ...]
    rules: tuple[Rule, ...]
    therapy_types: tuple[TherapyType, ...]
    end_code_groups: EndCodeGroups
    circumstances: tuple[Circumstance, ...]

    @field_validator("rules")
    @classmethod
    def _ids_are_unique(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        ids = [rule.id for rule in rules]
        if repeated := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"rule ids given twice: {', '.join(repeated)}")
        return rules

    @model_validator(mode="after")
    def _everything_named_exists(self) -> ReturnSpec:
        lists = {codes.name for codes in self.code_lists}
        places = {f"{table.id}.{column.name}" for table in self.tables for column in table.columns}
        for table in self.tables:
            _all_known(table.references.values(), places, f"tables/{table.id}.yaml: references")
            used = [column.codes for column in table.columns if column.codes]
            _all_known(used, lists, f"tables/{table.id}.yaml: codes")
        for rule in self.rules:
            named = [name for name in rule.columns if not name.startswith("Metadata.")]
            if rule.runs:
                _all_known(named, places, f"rules/{rule.table}.yaml: {rule.id}: columns")
        return self

    @classmethod
    def load(cls, name: str = "talking_therapies") -> ReturnSpec:
        """A return by name. Raises UnknownName, or DefinitionBroken if a file is at fault."""
        return _load(name)

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return MappingProxyType({table.id: table for table in self.tables})

    @cached_property
    def _rules_by_table(self) -> Mapping[str, tuple[Rule, ...]]:
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            found[rule.table] = (*found.get(rule.table, ()), rule)
        return MappingProxyType(found)

    @cached_property
    def _code_lists(self) -> Mapping[str, CodeList]:
        return MappingProxyType({codes.name: codes for codes in self.code_lists})

    def table(self, table_id: str) -> Table:
        """The table of that national id. Raises UnknownName with the nearest ids."""
        return find(table_id, self._tables, "table")

    def column(self, place: str) -> Column:
        """The column at `IDS101.EndCode`. Raises UnknownName."""
        table_id, _, name = place.partition(".")
        return self.table(table_id).column(name)

    def code_list(self, name: str) -> CodeList:
        """The code list of that name. Raises UnknownName with the nearest names."""
        return find(name, self._code_lists, "code list")

    def rule(self, rule_id: str) -> Rule:
        """The rule of that national id. Raises UnknownName with the nearest ids."""
        return find(rule_id, {rule.id: rule for rule in self.rules}, "rule")

    def questionnaire(self, code: str) -> Questionnaire:
        """The questionnaire of that code, such as PHQ9. Raises UnknownName with the nearest codes."""
        return find(code, {tool.code: tool for tool in self.questionnaires}, "questionnaire")

    def circumstance(self, slug: str) -> Circumstance:
        """The category of social circumstances of that slug, such as `religion`. Raises UnknownName."""
        return find(slug, {found.slug: found for found in self.circumstances}, "circumstance")

    def rules_of(self, table_id: str) -> tuple[Rule, ...]:
        """The rules filed under one table, run or not, in the order of the file."""
        return self._rules_by_table.get(table_id, ())

    def children_of(self, table_id: str) -> tuple[tuple[str, str], ...]:
        """Tables and columns that point at the key of `table_id`."""
        return tuple(
            (table.id, name)
            for table in self.tables
            for name, place in table.references.items()
            if place.partition(".")[0] == table_id
        )


@lru_cache(maxsize=8)
def _load(name: str) -> ReturnSpec:
    folder = f"returns/{name}"
    known = sorted(path.name for path in (FOLDER / "returns").iterdir() if path.is_dir())
    if name not in known:
        raise UnknownName(f"there is no return named {name}", remedy=f"use one of: {', '.join(known)}")
    facts = load(Facts, f"{folder}/spec.yaml")
    lists = [load(CodeLists, path) for path in list_files(f"{folder}/code_lists")]
    ruled = [load(TableRules, path) for path in list_files(f"{folder}/rules")]
    content: dict[str, Any] = {
        **facts.model_dump(),
        "tables": tuple(load(Table, path) for path in list_files(f"{folder}/tables")),
        "code_lists": tuple(codes for group in lists for codes in group.lists),
        "questionnaires": load(Questionnaires, f"{folder}/questionnaires.yaml").questionnaires,
        "rules": tuple(_with_table(rule, group.table) for group in ruled for rule in group.rules),
        "therapy_types": load(TherapyTypes, f"{folder}/therapy_types.yaml").therapies,
        "end_code_groups": load(EndCodeGroups, f"{folder}/end_codes.yaml"),
        "circumstances": tuple(load(Circumstance, path) for path in list_files(f"{folder}/circumstances")),
    }
    return assemble(content, where=folder)


def assemble(content: Mapping[str, Any], *, where: str) -> ReturnSpec:
    """A specification from its parts, checked as a whole. DefinitionBroken names what does not exist."""
    return build(ReturnSpec, dict(content), where=where)


def _with_table(rule: Rule, table: str) -> Rule:
    return rule.model_copy(update={"table": table})


def _all_known(names: Iterable[str | None], known: set[str], where: str) -> None:
    if missing := sorted({name for name in names if name and name not in known}):
        raise DefinitionBroken(f"{where}: not defined: {', '.join(missing)}")
