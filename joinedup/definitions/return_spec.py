"""The specification of a return: its tables, columns, code lists, questionnaires and national rules, as data."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import AfterValidator, Field, field_validator, model_validator

from joinedup.definitions.reading import FOLDER, Definition, list_files, load
from joinedup.errors import DefinitionBroken, UnknownName


def _whole_pattern(text: str) -> str:
    if not (text.startswith("^") and text.endswith("$")):
        raise ValueError("a pattern must say the whole value, from ^ to $")
    re.compile(text)
    return text


TableId = Annotated[str, Field(pattern=r"^IDS\d{3}$")]
ColumnReference = Annotated[str, Field(pattern=r"^(IDS\d{3}|Metadata)\.[A-Za-z][A-Za-z0-9]*$")]
RuleId = Annotated[str, Field(pattern=r"^IDS(REJ\d{3}|\d{5})$")]
Pattern = Annotated[str, AfterValidator(_whole_pattern)]
ColumnType = Literal["string", "date", "datetime", "time", "integer"]
Mandation = Literal["M", "R", "O", "P", "unknown"]
Confidence = Literal["high", "medium", "low"]
SeverityName = Literal["REJECT_FILE", "REJECT_GROUP", "REJECT_RECORD", "WARNING"]
Meaning = Literal["national", "narrower", "chosen"]
RuleKind = Literal[
    "not_blank",
    "not_blank_if",
    "alnum",
    "numeric",
    "in_code_list",
    "format",
    "not_format",
    "date",
    "time",
    "datetime",
    "snomed",
    "on_or_before",
    "on_or_after",
    "equals",
    "unique",
    "unique_if",
    "uniqueness_iapt_carecontact",
    "nhs_number",
    "postcode",
    "organisation_identifier",
    "site_id",
    "gp_practice_code",
    "cross_column",
    "onset_date_is_after_birth_date",
    "finding_code",
    "assessment_scale_code",
    "assessment_scale_score",
    "parent_exists",
    "file_level",
]


class Column(Definition):
    """One national column. `references` names the key it points at; `identifying` values are never shown."""

    name: str
    uid: str
    element: str
    type: ColumnType
    format: str | None = None
    mandation: Mandation
    mandation_from: str | None = None
    codes: str | None = None
    key: Literal["primary"] | None = None
    references: ColumnReference | None = None
    identifying: bool = False


class Table(Definition):
    """One national table: `id` as in IDS101, `name` as in IDS101Referral."""

    id: TableId
    name: str
    title: str
    occurrence: str
    source: str
    columns: tuple[Column, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Table:
        names = [column.name for column in self.columns]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"columns named twice: {', '.join(repeated)}")
        if not self.name.startswith(self.id):
            raise ValueError(f"the name {self.name} does not begin with the id {self.id}")
        return self

    def column(self, name: str) -> Column:
        """The column of that national name. Raises UnknownName with the nearest names."""
        return _find(name, {column.name: column for column in self.columns}, f"column of {self.id}")

    @property
    def primary_key(self) -> str | None:
        """The name of the key column that other tables point at, if any does."""
        return next((column.name for column in self.columns if column.key == "primary"), None)

    @property
    def references(self) -> Mapping[str, str]:
        """Column name to the `IDS101.ServiceRequestId` it points at."""
        return {column.name: column.references for column in self.columns if column.references}


class CodeList(Definition):
    """A national list of codes and what they mean (`unknown` where no public source says)."""

    name: str
    title: str
    source: str
    confidence: Confidence
    note: str | None = None
    codes: Mapping[str, str] = Field(min_length=1)


class CodeLists(Definition):
    """A file of code lists that belong together."""

    lists: tuple[CodeList, ...] = Field(min_length=1)


class Questionnaire(Definition):
    """A scored questionnaire, or one item of it. A numeric score is low <= score <= high; else it is in `values`."""

    code: str
    title: str
    snomed: tuple[Annotated[str, Field(pattern=r"^\d{6,18}$")], ...] = ()
    low: float | None = None
    high: float | None = None
    decimals: int = 0
    values: Mapping[str, str] | None = None
    snomed_with_other_values: Mapping[str, tuple[str, ...]] | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _range_is_whole(self) -> Questionnaire:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high are given together or not at all")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low must be below high")
        if self.snomed and self.low is None and self.values is None:
            raise ValueError("a questionnaire with SNOMED codes needs a range or a list of values")
        return self


class Questionnaires(Definition):
    """The questionnaires a return may carry."""

    source: str
    confidence: Confidence
    questionnaires: tuple[Questionnaire, ...]


class TherapyType(Definition):
    """A kind of therapy and the SNOMED CT procedure code that records it."""

    name: str
    title: str
    intensity: Literal["low", "high", "other"]
    snomed: str = Field(pattern=r"^\d{6,18}$")


class TherapyTypes(Definition):
    """The therapies the official appointment counts tell apart."""

    source: str
    therapies: tuple[TherapyType, ...]


class EndCodeGroups(Definition):
    """How the reasons for ending a referral are grouped by the data set."""

    source: str
    referred_not_seen: tuple[str, ...]
    seen_not_taken_on: tuple[str, ...]
    seen_and_taken_on: tuple[str, ...]


class Circumstance(Definition):
    """A category of social and personal circumstance, and the group each of its SNOMED CT codes falls in.

    Codes whose meaning no public source we hold gives are under `ungrouped` and fall in `otherwise`.
    """

    category: str
    slug: str
    source: str
    note: str | None = None
    otherwise: str | None = None
    groups: Mapping[str, tuple[str, ...]] = {}
    group_titles: Mapping[str, str] = {}
    ungrouped: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every SNOMED CT code of the category."""
        return (*(code for codes in self.groups.values() for code in codes), *self.ungrouped)

    @model_validator(mode="after")
    def _each_code_once(self) -> Circumstance:
        if repeated := sorted({code for code in self.codes if self.codes.count(code) > 1}):
            raise ValueError(f"codes in two groups: {', '.join(repeated)}")
        return self


class Condition(Definition):
    """One part of what makes a row fail: the column `is` something, judged against `values` or another column."""

    column: ColumnReference
    test: Literal["present", "blank", "in", "not_in", "not_in_or_blank", "differs_from"]
    values: tuple[str, ...] = ()
    other: ColumnReference | None = None


class RuleArguments(Definition):
    """What a rule needs besides its columns. Each kind uses a few of these."""

    min_len: int | None = None
    max_len: int | None = None
    pattern: Pattern | None = None
    codes: tuple[str, ...] = ()
    offset_days: int = 0
    offset_years: int = 0
    blank_keys_match: bool = False
    when_blank: ColumnReference | None = None
    compound: bool = False
    oldest_years: int | None = None
    fails_when: tuple[Condition, ...] = ()
    parent: TableId | None = None
    check: (
        Literal["structure", "empty", "period", "header", "nothing_left", "consecutive_registration"] | None
    ) = None


class Rule(Definition):
    """One national validation rule: what it looks at, what it does to a row that fails, how we say so.

    `meaning` is `national` when the public source states it, `narrower` when we check less than the national
    rule does (and `note` says what), `chosen` when the source leaves it open and this is our reading.
    """

    id: RuleId
    severity: SeverityName
    kind: RuleKind
    columns: tuple[ColumnReference, ...] = ()
    columns_inferred: bool = False
    renamed_from: str | None = None
    args: RuleArguments = RuleArguments()
    runs: bool = True
    reason: str | None = None
    meaning: Meaning = "national"
    note: str | None = None
    needs_expected: bool = False
    reported_at: ColumnReference | None = None
    message: str = Field(min_length=8)
    remedy: str = Field(min_length=8)
    table: TableId = "IDS000"

    @model_validator(mode="after")
    def _says_why(self) -> Rule:
        if not self.runs and not self.reason:
            raise ValueError("reason: a rule that does not run must say why")
        if self.runs and self.reason:
            raise ValueError("reason: only for a rule that does not run")
        if self.meaning == "narrower" and not self.note:
            raise ValueError("note: a rule narrower than the national one must say what it leaves out")
        if self.runs and not self.columns and self.kind != "file_level":
            raise ValueError("columns: a rule that runs must name them")
        return self

    @property
    def column(self) -> str | None:
        """The name of the column a finding of this rule is reported at; None for a rule about a whole file."""
        place = self.reported_at or (self.columns[0] if self.columns else None)
        return place.partition(".")[2] if place else None


class TableRules(Definition):
    """The rules of one national table."""

    table: TableId
    rules_version: str
    source: str
    rules: tuple[Rule, ...]


class _Facts(Definition):
    """spec.yaml."""

    id: str
    version: str
    rules_version: str
    title: str
    in_force_from: str
    sources: Mapping[str, str]
    mandation_codes: Mapping[str, str]
    severity_codes: Mapping[str, str]
    notes: tuple[str, ...]


class ReturnSpec(Definition):
    """Everything joinedup knows about one return."""

    id: str
    version: str
    rules_version: str
    title: str
    in_force_from: str
    sources: Mapping[str, str]
    mandation_codes: Mapping[str, str]
    severity_codes: Mapping[str, str]
    notes: tuple[str, ...]
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
        """The specification of a return by name. Raises UnknownName; DefinitionBroken if a file is at fault."""
        return _load(name)

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return MappingProxyType({table.id: table for table in self.tables})

    @cached_property
    def _code_lists(self) -> Mapping[str, CodeList]:
        return MappingProxyType({codes.name: codes for codes in self.code_lists})

    def table(self, table_id: str) -> Table:
        """The table of that national id. Raises UnknownName with the nearest ids."""
        return _find(table_id, self._tables, "table")

    def column(self, place: str) -> Column:
        """The column at `IDS101.EndCode`. Raises UnknownName."""
        table_id, _, name = place.partition(".")
        return self.table(table_id).column(name)

    def code_list(self, name: str) -> CodeList:
        """The code list of that name. Raises UnknownName with the nearest names."""
        return _find(name, self._code_lists, "code list")

    def rule(self, rule_id: str) -> Rule:
        """The rule of that national id. Raises UnknownName with the nearest ids."""
        return _find(rule_id, {rule.id: rule for rule in self.rules}, "rule")

    def questionnaire(self, code: str) -> Questionnaire:
        """The questionnaire of that code, such as PHQ9. Raises UnknownName with the nearest codes."""
        return _find(code, {tool.code: tool for tool in self.questionnaires}, "questionnaire")

    def circumstance(self, slug: str) -> Circumstance:
        """The category of social circumstances of that slug, such as `religion`. Raises UnknownName."""
        return _find(slug, {found.slug: found for found in self.circumstances}, "circumstance")

    def rules_of(self, table_id: str) -> tuple[Rule, ...]:
        """The rules filed under one table, run or not, in the order of the file."""
        return tuple(rule for rule in self.rules if rule.table == table_id)

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
    facts = load(_Facts, f"{folder}/spec.yaml")
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
    """A specification from its parts, checked as a whole. Raises DefinitionBroken naming what does not exist."""
    from joinedup.definitions.reading import build

    return build(ReturnSpec, dict(content), where=where)


def _with_table(rule: Rule, table: str) -> Rule:
    return rule.model_copy(update={"table": table})


class _Named(Protocol):
    pass


Thing = TypeVar("Thing")


def _find(name: str, known: Mapping[str, Thing], what: str) -> Thing:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    remedy = f"nearest: {', '.join(near)}" if near else f"known: {', '.join(sorted(known))}"
    raise UnknownName(f"there is no {what} named {name}", remedy=remedy)


def _all_known(names: Iterable[str | None], known: set[str], where: str) -> None:
    if missing := sorted({name for name in names if name and name not in known}):
        raise DefinitionBroken(f"{where}: not defined: {', '.join(missing)}")
