"""From the columns of a published file to the one shape of published figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from joinedup.definitions.periods import Period, containing
from joinedup.definitions.places import Places
from joinedup.errors import UnknownFigures, UnknownName
from joinedup.returns.published_columns import Coded, combined
from joinedup.returns.published_names import (
    ALL,
    TOTAL,
    group_of_label,
    measure_id,
    names,
    printed,
    split_name,
)

COLUMNS = (
    "period", "start", "end", "level", "org_code", "org_name", "breakdown", "group", "published_label",
    "measure_id", "measure_name", "statistic", "value", "hidden", "rounded_to",
)  # fmt: skip
_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y/%m/%d", "%d%b%Y", "%d-%b-%Y", "%d %B %Y")
_MONTH_FORMS = ("%b_%Y", "%B_%Y", "%b-%Y", "%B %Y", "%b %Y", "%Y%m")


class _File:
    """The raw table with the columns found in it, each coded once."""

    def __init__(self, raw: pa.Table, columns: Mapping[str, str], name: str) -> None:
        self.raw, self.columns, self.name = raw, columns, name
        self.rows: NDArray[np.int64] = np.arange(1, raw.num_rows + 1)

    def __contains__(self, ours: str) -> bool:
        return ours in self.columns

    def coded(self, ours: str) -> Coded:
        if ours not in self.columns:
            return Coded.constant("", self.raw.num_rows)
        marks = names().absent_marks
        column = Coded.of(self.raw[self.columns[ours]])
        return column.mapped(lambda value: "" if value in marks else value)

    def kept(self, keep: NDArray[np.bool_]) -> _File:
        """Some of the rows, which keep the numbers that they have in the file."""
        fewer = _File(self.raw.filter(pa.array(keep)), self.columns, self.name)
        fewer.rows = self.rows[keep]
        return fewer

    def refused(self, message: str, where: NDArray[np.bool_], ours: str, remedy: str = "") -> UnknownFigures:
        """The error for the first row of `where`. Values are not shown: the file may not be what it was
        taken for."""
        row, column = int(self.rows[int(np.argmax(where))]), self.columns.get(ours, ours)
        return UnknownFigures(message, file=self.name, row=row, column=column, remedy=remedy)

    def checked(self, ours: str, column: Coded, change: dict[str, str | None], message: str) -> Coded:
        """`column` recoded; UnknownFigures at the first row with a value that changes to None."""
        used = column.used()
        for code, value in enumerate(column.values):
            if used[code] and change[value] is None:
                raise self.refused(message, column.codes == code, ours)
        return column.recoded([change[value] or "" for value in column.values])


def figures_table(raw: pa.Table, columns: Mapping[str, str], file: str) -> tuple[pa.Table, int]:
    """Rows in the shape of COLUMNS, and how many were left out because they cross two kinds of organisation.

    Raises UnknownFigures at the first row that cannot be read, naming its column.
    """
    source = _File(raw, columns, file)
    level = _level(source)
    single = np.array(["/" not in value for value in level.values], bool)[level.codes]
    if not single.all():
        source, level = source.kept(single), level.taken(single)
    period, start, end = _periods(source)
    level = source.checked(
        "level", level, {v: names().levels.get(v) for v in level.values}, "is no kind of place we know"
    )
    org_code, org_name = _organisations(source, level)
    measure, name, statistic = _measures(source)
    breakdown, group, label = _groups(source, measure)
    value, hidden = _values(source, level)
    rounded = np.where(_equals(level, "england"), 1, names().rounded_to).astype(np.int8)
    texts = {
        "period": period, "level": level, "org_code": org_code, "org_name": org_name,
        "breakdown": breakdown, "group": group, "published_label": label,
        "measure_id": measure, "measure_name": name, "statistic": statistic,
    }  # fmt: skip
    arrays = {column: coded.arrow() for column, coded in texts.items()}
    arrays |= {"start": start, "end": end, "hidden": pa.array(hidden), "rounded_to": pa.array(rounded)}
    arrays["value"] = pa.array(value, from_pandas=True)
    return pa.table({column: arrays[column] for column in COLUMNS}), int((~single).sum())


def _level(source: _File) -> Coded:
    return source.coded("level")


def _periods(source: _File) -> tuple[Coded, pa.Array, pa.Array]:
    ours = "period" if "period" in source else "start"
    column = source.coded(ours)
    if ours == "period":
        keys = {value: _period_key(value) for value in column.values}
    else:
        column, keys = _keys_from_dates(source)
    coded = source.checked(ours, column, keys, "is no period we can read")
    periods = [Period.parse(value) if value else None for value in coded.values]
    starts = pa.array([period.start if period else None for period in periods], pa.date32())
    ends = pa.array([period.end if period else None for period in periods], pa.date32())
    return coded, starts.take(pa.array(coded.codes)), ends.take(pa.array(coded.codes))


def _period_key(value: str) -> str | None:
    try:
        return Period.parse(value).key
    except UnknownName:
        day = _parsed(value, _MONTH_FORMS)
        return containing("month", day).key if day else None


def _keys_from_dates(source: _File) -> tuple[Coded, dict[str, str | None]]:
    """Period of the start date and, where there is one, the end date: a month, a quarter or a financial
    year."""
    codes, found = combined([source.coded("start"), source.coded("end")])
    pairs = found.all()
    texts = [" to ".join(part for part in pair if part) for pair in pairs]
    keys = {text: _span_key(*pair) for text, pair in zip(texts, pairs, strict=True)}
    return Coded(tuple(texts), codes), keys


def _span_key(start_text: str, end_text: str) -> str | None:
    start, end = _parsed(start_text, _DATE_FORMS), _parsed(end_text, _DATE_FORMS)
    if start is None or (end_text and end is None) or not date.min.year < start.year < date.max.year:
        return None
    kinds = [containing("month", start), containing("quarter", start), containing("financial_year", start)]
    fits = (period.key for period in kinds if period.start == start and end in (None, period.end))
    return next(fits, None)


def _parsed(text: str, forms: tuple[str, ...]) -> date | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _organisations(source: _File, level: Coded) -> tuple[Coded, Coded]:
    """Code and name. Files with two pairs of them put a provider in the second pair and every other in the
    first."""
    england = next(place for place in Places.load().places if place.level == "england")
    found = []
    for single, first, second, whole in (
        ("org_code", "org_code1", "org_code2", england.code),
        ("org_name", "org_name1", "org_name2", england.name),
    ):
        sources = [source.coded(single)] if single in source else [source.coded(first), source.coded(second)]
        codes, parts = combined([level, *sources])
        texts = [whole if kind == "england" else _which(kind, *values) for kind, *values in parts.all()]
        found.append(Coded.each(texts, codes))
    return found[0], found[1]


def _which(kind: str, first: str, second: str = "") -> str:
    return second if kind == "provider" and second and second.lower() != "all" else first


def _measures(source: _File) -> tuple[Coded, Coded, Coded]:
    given = [source.coded("measure_id"), source.coded("measure_name"), source.coded("statistic")]
    codes, parts = combined(given)
    rows = [_measure(*part) for part in parts.all()]
    for at, (ident, _, _) in enumerate(rows):
        if not ident:
            raise source.refused("has neither a measure id nor a name", codes == at, "measure_name")
    columns = [Coded.each(texts, codes) for texts in zip(*rows, strict=True)] if rows else given
    return columns[0], columns[1], columns[2]


def _measure(ident: str, name: str, statistic: str) -> tuple[str, str, str]:
    if not statistic:
        name, statistic = split_name(name)
    return ident or measure_id(name, statistic), name, statistic


def _groups(source: _File, measure: Coded) -> tuple[Coded, Coded, Coded]:
    label_codes, found = combined([source.coded(f"variable_{part}") for part in ("type", "a", "b")])
    labels = found.all()
    of_measure = {entry.id: (entry.breakdown, entry.group) for entry in names().groups}
    ours = [group_of_label((a, b, c)) for a, b, c in labels]
    plain = Coded(tuple(str(at) for at in range(len(labels))), label_codes)
    codes, parts = combined([plain, measure])
    rows = []
    for at, ident in parts.all():
        usual = ours[int(at)]
        rows.append(of_measure.get(ident, usual) if usual == (TOTAL, ALL) else usual)
    breakdown, group = (Coded.each([row[side] for row in rows], codes) for side in (0, 1))
    texts = [printed((a, b, c)) for a, b, c in labels]
    return breakdown, group, Coded.each(texts, label_codes)


def _values(source: _File, level: Coded) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Numbers, missing where there is none, and which of those were hidden.

    A file that holds numbers has lost the mark for hidden: there a figure missing below England counts as
    hidden.
    """
    column = source.raw[source.columns["value"]]
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        value = column.cast(pa.float64()).to_numpy()
        return value, np.isnan(value) & ~_equals(level, "england")
    coded = Coded.of(column)
    marks = names().hidden_marks
    numbers = np.full(len(coded.values), np.nan)
    used = coded.used()
    for code, text in enumerate(coded.values):
        if text in marks or text in names().absent_marks:
            continue
        if re.fullmatch(r"\d{1,12}(\.\d+)?", text, flags=re.ASCII):
            numbers[code] = float(text)
        elif used[code]:
            raise source.refused(
                "is neither a number nor a mark that we know",
                coded.codes == code,
                "value",
                remedy=f"Hidden figures are {', '.join(marks)}.",
            )
    is_mark = np.array([text in marks for text in coded.values], bool)
    return numbers[coded.codes], is_mark[coded.codes]


def _equals(column: Coded, value: str) -> NDArray[np.bool_]:
    return np.array([found == value for found in column.values], bool)[column.codes]
