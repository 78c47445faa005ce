"""The national validation rules of a return, as data."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from joinedup.definitions.reading import Definition
from joinedup.definitions.return_tables import ColumnReference, TableId


def _whole_pattern(text: str) -> str:
    if not (text.startswith("^") and text.endswith("$")):
        raise ValueError("a pattern must say the whole value, from ^ to $")
    re.compile(text)
    return text


RuleId = Annotated[str, Field(pattern=r"^IDS(REJ\d{3}|\d{5})$")]
Pattern = Annotated[str, AfterValidator(_whole_pattern)]
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


class Condition(Definition):
    """One part of what makes a row fail: a test of a column against `values` or another column."""

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
        """The name of the column a finding is reported at; None for a rule about a whole file."""
        place = self.reported_at or (self.columns[0] if self.columns else None)
        return place.partition(".")[2] if place else None


class TableRules(Definition):
    """The rules of one national table."""

    table: TableId
    rules_version: str
    source: str
    rules: tuple[Rule, ...]
