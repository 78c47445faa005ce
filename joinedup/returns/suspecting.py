"""A cheap first look: for each rule the rows that could fail it, so that SQL is asked about those alone.

What a rule says is decided by its SQL (`rules_sql`). Here a row is let off only where it is certain that the
SQL would let it off; a rule not known here suspects every row. Texts are looked at once each, not row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.return_spec import Condition, ReturnSpec, Rule
from joinedup.returns.coded import Coded, Rows, Sheet, both, either
from joinedup.returns.kinship import Days, Kinship, number_of_day, same_day
from joinedup.returns.letters import ten_digits
from joinedup.returns.rules_sql import TIME, Scene
from joinedup.returns.snomed_sql import surely_valid

_DAYS_IN_YEARS = 365.2425
_SLACK = 4  # days by which a span of years can differ from its mean length, rounded up
_MOST_PAIRS = 1_000_000


class Suspicion:
    """Suspects rows of one return."""

    def __init__(self, scene: Scene, sheets: Mapping[str, Sheet]) -> None:
        self.scene = scene
        self.sheets = sheets
        self.kinship = Kinship(scene.spec, sheets, scene.header_days)

    def rows(self, rule: Rule) -> Rows:
        """The rows of the rule's table that could fail it: a mask, or None where none can."""
        write = _LOOKS.get(rule.kind)
        found = write(self, rule) if write else None
        if not write or isinstance(found, bool):
            return np.ones(len(self.sheets[rule.table]), dtype=bool)
        return found if found is not None and found.any() else None

    def column(self, rule: Rule, place: str | None = None) -> Coded:
        """A column of the rule's table, its first unless named."""
        return self.sheets[rule.table][(place or rule.columns[0]).partition(".")[2]]

    def days(self, rule: Rule, place: str) -> Days | None:
        """Days at a place, seen from the rows of the rule's table."""
        if place.startswith("Metadata."):
            return same_day(self.told_day(place), len(self.sheets[rule.table]))
        return self.kinship.days(self.scene.spec.table(rule.table), place)

    def told_day(self, place: str) -> date | None:
        """The day announced, or said in the header."""
        owner, _, name = place.partition(".")
        if owner != "Metadata":
            return self.scene.header_days.get(name)
        told = self.scene.expected.get(name)
        return date.fromisoformat(told[:10]) if told else None


Found = Rows | bool  # True: every row
_Look = Callable[[Suspicion, Rule], Found]


def _empty(column: Coded) -> Rows:
    return column.rows(column.maybe_blank, empty=True)


def _not_blank(look: Suspicion, rule: Rule) -> Found:
    return _empty(look.column(rule))


def _not_blank_if(look: Suspicion, rule: Rule) -> Found:
    return both(_empty(look.column(rule)), _empty(look.column(rule, rule.args.when_blank)))


def _alnum(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    least, most = rule.args.min_len or 0, rule.args.max_len
    if most is None:
        return True
    # Letters are at most as many as bytes; where those are few enough, they need no counting.
    if least <= 1 and ((column.lengths >= least) & (column.lengths <= most)).all():
        return None
    length = pc.utf8_length(column.texts).to_numpy(zero_copy_only=False)
    return column.rows((length < least) | (length > most))


def _unlike(column: Coded, pattern: str) -> np.ndarray:
    matched = pc.match_substring_regex(column.texts, pattern).to_numpy(zero_copy_only=False)
    unlike: np.ndarray = ~matched.astype(bool)
    return unlike


def _outside(column: Coded, values: pa.Array) -> np.ndarray:
    inside = pc.is_in(column.texts, value_set=values).to_numpy(zero_copy_only=False)
    outside: np.ndarray = ~inside.astype(bool)
    return outside


def _numeric(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    return column.rows(_unlike(column, f"^[0-9]{{{rule.args.min_len or 0},{rule.args.max_len}}}$"))


def _in_code_list(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    spec = look.scene.spec
    codes = spec.code_list(spec.column(rule.columns[0]).codes or "").codes
    return column.rows(_outside(column, _texts(tuple(codes))))


def _format(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    return column.rows(_unlike(column, rule.args.pattern or ""))


def _not_format(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    return column.rows(~_unlike(column, rule.args.pattern or ""))


def _time(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    return column.rows(_unlike(column, f"^{TIME}$"))


def _date(look: Suspicion, rule: Rule) -> Found:
    days = look.days(rule, rule.columns[0])
    return True if days is None else days.odd | (days.known & (days.days < _EARLIEST))


def _snomed(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    return column.rows(doubtful_codes(column))


def doubtful_codes(column: Coded) -> np.ndarray:
    """The texts of a column that are not certainly the code of a SNOMED CT concept."""
    return np.array([not surely_valid(text) for text in column.texts.to_pylist()], dtype=bool)


def _on_or_before(look: Suspicion, rule: Rule) -> Found:
    return _compared(look, rule, 1)


def _on_or_after(look: Suspicion, rule: Rule) -> Found:
    return _compared(look, rule, -1)


def _compared(look: Suspicion, rule: Rule, sign: int) -> Found:
    place, limit = rule.columns[:2]
    owner, _, name = place.partition(".")
    if owner == rule.table != "IDS000" and limit.startswith(("IDS000.", "Metadata.")):
        return _compared_with_one(look, rule, sign, name)
    first, last = (look.days(rule, at) for at in (place, limit))
    if first is None or last is None:
        return True
    found: np.ndarray = (
        first.odd | last.odd | (first.known & last.known & _beyond(rule, sign, first.days, last.days))
    )
    return found


def _compared_with_one(look: Suspicion, rule: Rule, sign: int, name: str) -> Found:
    """A day of the row with one that is the same for all: each text is looked at once."""
    days, known = look.kinship.days_of_texts(rule.table, name)
    last = look.told_day(rule.columns[1])
    beyond = _beyond(rule, sign, days, number_of_day(last)) if last else np.zeros(len(days), dtype=bool)
    return look.column(rule).rows(~known | beyond)


def _beyond(rule: Rule, sign: int, days: np.ndarray, last: np.ndarray | int) -> np.ndarray:
    slack = _SLACK if rule.args.offset_years else 0
    later = rule.args.offset_days + round(rule.args.offset_years * _DAYS_IN_YEARS)
    found: np.ndarray = sign * (days - last - later) > -slack
    return found


def _equals(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    told = look.scene.expected[rule.columns[1].partition(".")[2]]
    return column.rows(_outside(column, _texts((told,))), empty=True)


def _nhs_number(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    shaped, digits = ten_digits(column.texts)
    wrong = ~shaped
    # Weights 10 to 2, and 1 for the check digit.
    wrong[shaped] = digits @ np.arange(10, 0, -1) % 11 != 0
    return column.rows(wrong)


def _cross_column(look: Suspicion, rule: Rule) -> Found:
    if rule.args.oldest_years is not None:
        return _birth(look, rule)
    found: Rows = np.ones(len(look.sheets[rule.table]), dtype=bool)
    for part in rule.args.fails_when:
        found = both(found, _condition(look, rule, part))
    return found


def _condition(look: Suspicion, rule: Rule, part: Condition) -> Rows:
    column = look.column(rule, part.column)
    match part.test:
        case "present":
            return column.present
        case "blank":
            return _empty(column)
        case "in":
            return column.rows(~_outside(column, _texts(part.values)))
        case "not_in":
            return column.rows(_outside(column, _texts(part.values)))
        case "not_in_or_blank":
            return either(_empty(column), column.rows(_outside(column, _texts(part.values))))
        case "differs_from":
            told = look.scene.header_texts.get((part.other or "").partition(".")[2])
            return None if told is None else column.rows(_outside(column, _texts((told,))))


def _birth(look: Suspicion, rule: Rule) -> Found:
    birth, start, end = (look.days(rule, place) for place in rule.columns[:3])
    if birth is None or start is None or end is None:
        return True
    oldest = round(((rule.args.oldest_years or 0) + 1) * _DAYS_IN_YEARS) - _SLACK
    young = end.known & (birth.days > end.days)
    old = start.known & (birth.days <= start.days - oldest)
    doubtful = birth.odd | start.odd | end.odd
    found: np.ndarray = doubtful | (birth.known & (young | old | (birth.days < _EARLIEST)))
    return found


def _onset(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    birth = look.days(rule, rule.columns[1])
    if birth is None:
        return True
    shaped = pc.match_substring_regex(column.texts, r"^[0-9]{4}-(0[1-9]|1[0-2])$")
    plain = pc.if_else(shaped, column.texts, pa.scalar("9999-12", pa.string()))
    year, month = (pc.utf8_slice_codeunits(plain, *edge).cast(pa.int64()) for edge in ((0, 4), (5, 7)))
    onset = column.look_up(pc.add(pc.multiply(year, 12), month).to_numpy(zero_copy_only=False), _LAST_MONTH)
    born = birth.days.astype("M8[D]").astype("M8[M]").astype(np.int64) + 1970 * 12 + 1
    return (onset < _LAST_MONTH) & (birth.odd | (birth.known & (onset < born)))


def _finding_code(look: Suspicion, rule: Rule) -> Found:
    scheme, code = (look.column(rule, place) for place in rule.columns)
    icd, snomed = (scheme.rows(~_outside(scheme, _texts((value,)))) for value in rule.args.codes)
    return either(
        both(icd, code.rows(_unlike(code, rule.args.pattern or ""))),
        both(snomed, code.rows(doubtful_codes(code))),
    )


def _scale_code(look: Suspicion, rule: Rule) -> Found:
    column = look.column(rule)
    return column.rows(_outside(column, _texts(tuple(_ranges(look.scene.spec)))))


def _scale_score(look: Suspicion, rule: Rule) -> Found:
    code, score = (look.column(rule, place) for place in rule.columns)
    if len(code.texts) * len(score.texts) > _MOST_PAIRS:
        return True
    wrong = np.zeros((len(code.texts) + 1, len(score.texts) + 1), dtype=bool)
    texts, ranges = score.texts.to_pylist(), _ranges(look.scene.spec)
    numbers = np.array([float(text) if re.fullmatch("[0-9]{1,6}", text) else np.nan for text in texts])
    for place, text in enumerate(code.texts.to_pylist()):
        for low, high, values in ranges.get(text, ()):
            inside = (numbers >= low) & (numbers <= high) if low is not None and high is not None else None
            wrong[place, :-1] |= ~(np.isin(texts, values) if inside is None else inside)
    return wrong[code.codes, score.codes] if wrong.any() else None


_Range = tuple[float | None, float | None, tuple[str, ...]]


def _ranges(spec: ReturnSpec) -> Mapping[str, Sequence[_Range]]:
    found: dict[str, list[_Range]] = {}
    for tool in spec.questionnaires:
        for code in tool.snomed:
            special = (tool.snomed_with_other_values or {}).get(code)
            found.setdefault(code, []).append((tool.low, tool.high, tuple(special or tool.values or ())))
    return found


@lru_cache(maxsize=512)
def _texts(values: tuple[str, ...]) -> pa.Array:
    return pa.array(values, pa.string())


_LAST_MONTH = 9999 * 12 + 12
_EARLIEST = number_of_day(date(1890, 1, 1))
_LOOKS: Mapping[str, _Look] = {
    "not_blank": _not_blank,
    "not_blank_if": _not_blank_if,
    "alnum": _alnum,
    "numeric": _numeric,
    "in_code_list": _in_code_list,
    "format": _format,
    "not_format": _not_format,
    "date": _date,
    "datetime": _date,
    "time": _time,
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
