"""National rules as SQL: for each rule on single rows, the expression that is true when the row fails it.

The expressions read one relation per table, made by `row_source`: the columns as sent, a day beside each
date that is compared (`CareContDate:day`), and the days of the referral or person the row belongs to. An
expression that comes out null has not failed. No value from the data enters the text, only what the
specification, the header and the caller's expectations say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from joinedup.definitions.return_spec import Condition, ReturnSpec, Rule, Table

EARLIEST_DAY = "DATE '1890-01-01'"  # no national date may lie before it
SET_KINDS = frozenset({"unique", "unique_if", "uniqueness_iapt_carecontact"})
TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"


def quoted(name: str) -> str:
    """A name as an SQL identifier. Names come from the specification, never from data."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def listed(values: Sequence[str]) -> str:
    """Texts as an SQL list of literals in brackets."""
    return "(" + ", ".join(literal(value) for value in values) + ")"


def raw(table_id: str) -> str:
    """The name under which a table as sent is registered."""
    return f"raw_{table_id}"


def rejected(table_id: str) -> str:
    """The name under which the rejected rows of a table are registered: `_row`, `rule`."""
    return f"rejected_{table_id}"


def blank(column: str) -> str:
    """True when nothing was sent."""
    return f"({column} IS NULL OR trim({column}) = '')"


def day_of(column: str) -> str:
    """The day a text says in the form YYYY-MM-DD, from 1890 on; null for anything else."""
    return f"CASE WHEN {column} LIKE '____-__-__' AND {column} >= '1890' THEN TRY_CAST({column} AS DATE) END"


def instant_of(column: str) -> str:
    """The instant a text says in the form YYYY-MM-DDTHH:MM:SS, from 1890 on; null for anything else."""
    shape = "'____-__-__T__:__:__'"
    return f"CASE WHEN {column} LIKE {shape} AND {column} >= '1890' THEN TRY_CAST({column} AS TIMESTAMP) END"


def _day_literal(value: date | datetime | None) -> str:
    return "CAST(NULL AS DATE)" if value is None else f"DATE '{value:%Y-%m-%d}'"


@dataclass(frozen=True)
class Scene:
    """What the rows of one file are judged against besides themselves: its header, and what was announced."""

    spec: ReturnSpec
    header_texts: Mapping[str, str | None]
    header_days: Mapping[str, date | None]
    expected: Mapping[str, str]

    def day(self, table: Table, place: str) -> str:
        """SQL for the day at `place`, seen from a row of `table`."""
        owner, _, name = place.partition(".")
        if owner == "Metadata":
            told = self.expected.get(name)
            return _day_literal(date.fromisoformat(told[:10]) if told else None)
        if owner == "IDS000" and table.id != "IDS000":
            return _day_literal(self.header_days.get(name))
        return quoted(f"{name}:day" if owner == table.id else f"{place}:day")


def on_single_rows(rule: Rule) -> bool:
    """Whether single rows can fail `rule`, so that `failing` has an answer."""
    return rule.kind in _WRITERS


def failing(rule: Rule, scene: Scene) -> str:
    """SQL that is true for a row that fails `rule`, which must be one on single rows."""
    return _WRITERS[rule.kind](rule, scene)


def _name(place: str) -> str:
    return place.partition(".")[2]


def _first(rule: Rule) -> str:
    return quoted(_name(rule.columns[0]))


def _not_blank(rule: Rule, scene: Scene) -> str:
    return blank(_first(rule))


def _not_blank_if(rule: Rule, scene: Scene) -> str:
    return f"{blank(_first(rule))} AND {blank(quoted(_name(rule.args.when_blank or '')))}"


def _alnum(rule: Rule, scene: Scene) -> str:
    return f"length({_first(rule)}) NOT BETWEEN {rule.args.min_len or 0} AND {rule.args.max_len}"


def _numeric(rule: Rule, scene: Scene) -> str:
    digits = f"[0-9]{{{rule.args.min_len or 0},{rule.args.max_len}}}"
    return f"NOT regexp_full_match({_first(rule)}, '{digits}')"


def _in_code_list(rule: Rule, scene: Scene) -> str:
    # One constant pattern is planned five times faster than a list of constants, and runs as fast.
    codes = scene.spec.code_list(scene.spec.column(rule.columns[0]).codes or "").codes
    pattern = "|".join(re.escape(code) for code in codes)
    return f"NOT regexp_full_match({_first(rule)}, {literal(pattern)})"


def _format(rule: Rule, scene: Scene) -> str:
    return f"NOT regexp_matches({_first(rule)}, {literal(rule.args.pattern or '')})"


def _not_format(rule: Rule, scene: Scene) -> str:
    return f"regexp_matches({_first(rule)}, {literal(rule.args.pattern or '')})"


def _date(rule: Rule, scene: Scene) -> str:
    name = _name(rule.columns[0])
    return f"NOT {blank(quoted(name))} AND {quoted(f'{name}:day')} IS NULL"


def _time(rule: Rule, scene: Scene) -> str:
    return f"NOT regexp_full_match({_first(rule)}, '{TIME}')"


def _datetime(rule: Rule, scene: Scene) -> str:
    return f"NOT {blank(_first(rule))} AND {instant_of(_first(rule))} IS NULL"


def bad_codes(compound: bool) -> str:
    """The relation of the file's texts, from columns of SNOMED CT codes, that are no valid code."""
    return "bad_compound_codes" if compound else "bad_codes"


def _snomed(rule: Rule, scene: Scene) -> str:
    return f"{_first(rule)} IN (SELECT code FROM {bad_codes(rule.args.compound)})"


def _on_or_before(rule: Rule, scene: Scene) -> str:
    return _compared(rule, scene, ">")


def _on_or_after(rule: Rule, scene: Scene) -> str:
    return _compared(rule, scene, "<")


def _compared(rule: Rule, scene: Scene, sign: str) -> str:
    table = scene.spec.table(rule.table)
    limit = scene.day(table, rule.columns[1])
    if rule.args.offset_days:
        limit = f"CAST({limit} + INTERVAL {rule.args.offset_days} DAY AS DATE)"
    if rule.args.offset_years:
        limit = f"CAST({limit} + INTERVAL {rule.args.offset_years} YEAR AS DATE)"
    return f"{scene.day(table, rule.columns[0])} {sign} {limit}"


def _equals(rule: Rule, scene: Scene) -> str:
    told = scene.expected[_name(rule.columns[1])]
    return f"{_first(rule)} IS DISTINCT FROM {literal(told)}"


def _nhs_number(rule: Rule, scene: Scene) -> str:
    # Weights 10 to 2 for nine digits and 1 for the check digit: the sum of a valid number divides by 11.
    number = _first(rule)
    whole = f"CAST({number} AS BIGINT)"
    total = " + ".join(f"({whole} // {10**place} % 10) * {place + 1}" for place in range(10))
    ten_digits = f"regexp_full_match({number}, '[0-9]{{10}}')"
    return f"CASE WHEN {ten_digits} THEN ({total}) % 11 <> 0 ELSE NOT {blank(number)} END"


def _cross_column(rule: Rule, scene: Scene) -> str:
    if rule.args.oldest_years is not None:
        return _birth_out_of_range(rule, scene)
    return " AND ".join(_condition(part, scene) for part in rule.args.fails_when)


def _condition(part: Condition, scene: Scene) -> str:
    column = quoted(_name(part.column))
    match part.test:
        case "present":
            return f"NOT {blank(column)}"
        case "blank":
            return blank(column)
        case "in":
            return f"{column} IN {listed(part.values)}"
        case "not_in":
            return f"{column} NOT IN {listed(part.values)}"
        case "not_in_or_blank":
            return f"({blank(column)} OR {column} NOT IN {listed(part.values)})"
        case "differs_from":
            told = scene.header_texts.get(_name(part.other or ""))
            return f"{column} <> {literal(told) if told is not None else 'NULL'}"


def _birth_out_of_range(rule: Rule, scene: Scene) -> str:
    name = _name(rule.columns[0])
    day, text = quoted(f"{name}:day"), quoted(name)
    table = scene.spec.table(rule.table)
    start, end = (scene.day(table, place) for place in rule.columns[1:3])
    too_old = f"{day} <= {start} - INTERVAL {(rule.args.oldest_years or 0) + 1} YEAR"
    return f"NOT {blank(text)} AND ({day} IS NULL OR {day} > {end} OR {too_old})"


def _onset(rule: Rule, scene: Scene) -> str:
    month = _first(rule)
    birth = scene.day(scene.spec.table(rule.table), rule.columns[1])
    return f"regexp_matches({month}, '^[0-9]{{4}}-(0[1-9]|1[0-2])$') AND {month} < strftime({birth}, '%Y-%m')"


def _finding_code(rule: Rule, scene: Scene) -> str:
    scheme, code = (quoted(_name(place)) for place in rule.columns)
    icd, snomed = (literal(value) for value in rule.args.codes)
    not_icd = f"NOT regexp_matches({code}, {literal(rule.args.pattern or '')})"
    not_snomed = f"{code} IN (SELECT code FROM {bad_codes(compound=False)})"
    return f"CASE {scheme} WHEN {icd} THEN {not_icd} WHEN {snomed} THEN {not_snomed} END"


def _scale_code(rule: Rule, scene: Scene) -> str:
    return f'{_first(rule)} IS NOT NULL AND "tool:code" IS NULL'


def _scale_score(rule: Rule, scene: Scene) -> str:
    score = quoted(_name(rule.columns[1]))
    in_range = f'COALESCE(TRY_CAST({score} AS DOUBLE) BETWEEN "tool:low" AND "tool:high", false)'
    listed_value = f'list_contains("tool:values", {score})'
    outside = f'CASE WHEN "tool:low" IS NOT NULL THEN NOT {in_range} ELSE NOT {listed_value} END'
    return f'"tool:code" IS NOT NULL AND {score} IS NOT NULL AND {outside}'


_WRITERS: Mapping[str, Callable[[Rule, Scene], str]] = {
    "not_blank": _not_blank,
    "not_blank_if": _not_blank_if,
    "alnum": _alnum,
    "numeric": _numeric,
    "in_code_list": _in_code_list,
    "format": _format,
    "not_format": _not_format,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "snomed": _snomed,
    "on_or_before": _on_or_before,
    "on_or_after": _on_or_after,
    "equals": _equals,
    "nhs_number": _nhs_number,
    "postcode": _format,
    "organisation_identifier": _format,
    "site_id": _format,
    "gp_practice_code": _format,
    "cross_column": _cross_column,
    "onset_date_is_after_birth_date": _onset,
    "finding_code": _finding_code,
    "assessment_scale_code": _scale_code,
    "assessment_scale_score": _scale_score,
}
