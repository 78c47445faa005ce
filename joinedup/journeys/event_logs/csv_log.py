"""Event logs in CSV, plain or as .gz: one row an event, its columns named by the caller. Nothing is sniffed.

Delimiter, quote and encoding are as stated. A value may not run over a line end: a quote that is never closed
would otherwise swallow rows without a word.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from joinedup.errors import UnknownName, UnreadableFile, YourCommand, YourData
from joinedup.journeys.event_logs.log import Attribute, Codes, EventLog, Numbers, event_log
from joinedup.journeys.event_logs.times import NotATime, Times
from joinedup.journeys.event_logs.unpacking import whole_lines

ENCODINGS: Final = ("utf-8", "utf-16", "cp1252", "latin-1")
_REMEDY: Final = "State another delimiter, quote or encoding, or export the log again."


@dataclass(frozen=True)
class CsvForm:
    """How the file is written. `time_form` is that of Python's strptime; None is ISO 8601."""

    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    time_form: str | None = None

    def __post_init__(self) -> None:
        for name, value in (("delimiter", self.delimiter), ("quote", self.quote)):
            if len(value) != 1 or not value.isascii() or value in "\r\n\0":
                raise YourCommand(f"The {name} is not one plain character.", remedy='Write , or ; or "\\t".')
        if self.delimiter == self.quote:
            raise YourCommand("Delimiter and quote are the same.", remedy="Name two characters.")
        if self.encoding.lower() not in ENCODINGS:
            raise UnknownName(
                f"There is no encoding '{self.encoding}'.", remedy=f"Use one of: {', '.join(ENCODINGS)}."
            )


def read_csv_log(
    path: str | Path,
    *,
    case: str,
    activity: str,
    time: str,
    form: CsvForm | None = None,
    attributes: Sequence[str] = (),
    leave_out: bool = False,
) -> EventLog:
    """The log in a .csv or .csv.gz whose first line names its columns.

    Of `attributes` the first value in a case counts. With `leave_out` rows without case, activity or time are
    left out, and counted. Raises YourData naming file, row and column; values never appear in a message.
    """
    place, stated = Path(path), form or CsvForm()
    names = tuple(dict.fromkeys((case, activity, time, *attributes)))
    found = _Found(place.name, case, activity, time, Times(stated.time_form), leave_out)
    header: list[str] = []
    for piece in whole_lines(place, stated.encoding):
        first, _, rest = (b"", b"", piece) if header else piece.partition(b"\n")
        header = header or _header(first, stated, names, place.name)
        body = rest if rest.endswith(b"\n") else rest.rstrip(b"\r\n")
        if body.strip(b"\r\n"):
            found.take(_parsed(body, stated, header, names, found))
    return found.log(tuple(attributes))


def _header(line: bytes, form: CsvForm, names: Sequence[str], file: str) -> list[str]:
    """The names of the columns. Raises UnreadableFile where one that is wanted is absent or there twice."""
    try:
        text = line.decode().rstrip("\r")
        header = next(csv.reader([text], delimiter=form.delimiter, quotechar=form.quote, strict=True), [])
    except csv.Error:
        raise UnreadableFile(
            "The first line has a quote that is not closed, or is too long.", file=file, remedy=_REMEDY
        ) from None
    for name in names:
        if header.count(name) != 1:
            raise UnreadableFile(
                f"The first line has {'no' if name not in header else 'more than one'} column of this name.",
                file=file,
                column=name,
                rule="column-is-there",
                remedy=f"It has: {', '.join(header[:20])[:400]}." if len(header) > 1 else _REMEDY,
            )
    return header


def _parsed(
    body: bytes, form: CsvForm, header: Sequence[str], names: Sequence[str], found: _Found
) -> pa.Table:
    """Some columns of whole lines, as text. Raises UnreadableFile with the row."""
    faults: list[Any] = []

    def on_ragged(row: Any) -> str:
        faults.append(row)
        return "error"

    own = [str(header.index(name)) for name in names]
    try:
        read = arrow_csv.read_csv(
            pa.BufferReader(body),
            arrow_csv.ReadOptions(
                use_threads=False, block_size=len(body) + 1, column_names=[str(i) for i in range(len(header))]
            ),
            arrow_csv.ParseOptions(
                delimiter=form.delimiter,
                quote_char=form.quote,
                ignore_empty_lines=False,
                invalid_row_handler=on_ragged,
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False,
                include_columns=own,
                column_types={name: pa.string() for name in own},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        # Arrow's message quotes the row, and the row is a person's: it goes no further.
        raise _ragged(faults, found) from None
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    if lines != read.num_rows:
        raise UnreadableFile(
            "A quote is not closed, or a value runs over a line end.",
            file=found.file,
            row=_open_quote(body, form, found.rows),
            rule="row-is-a-line",
            remedy="Close the quote, or export the log without columns of remarks.",
        )
    return read.rename_columns(list(names)).combine_chunks()


def _ragged(faults: Sequence[Any], found: _Found) -> UnreadableFile:
    if not faults:
        return UnreadableFile(
            f"What follows row {found.rows:,} cannot be read.",
            file=found.file,
            row=found.rows or None,
            remedy=_REMEDY,
        )
    fault = faults[0]
    return UnreadableFile(
        f"Its number of values is {fault.actual_columns}; the first line names {fault.expected_columns}.",
        file=found.file,
        row=found.rows + fault.number if fault.number else None,
        rule="row-is-whole",
        remedy=_REMEDY,
    )


def _open_quote(body: bytes, form: CsvForm, before: int) -> int | None:
    """The row in which a value goes over a line end."""
    lines = body.decode().splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=form.delimiter, quotechar=form.quote)
    try:
        return next((before + row for row, _ in enumerate(reader, 1) if reader.line_num > row), None)
    except csv.Error:
        return None


@dataclass
class _Coded:
    """One column as codes of its distinct values, by order of appearance; -1 is null."""

    values: dict[str, int] = field(default_factory=dict)
    chunks: list[Codes] = field(default_factory=list)

    def take(self, column: pa.Array) -> None:
        distinct = column.dictionary_encode()
        values = distinct.dictionary.to_pylist()
        own = [self.values.setdefault(value, len(self.values)) for value in values]
        codes = np.array([*own, -1], np.int32)
        self.chunks.append(codes[distinct.indices.fill_null(len(own)).to_numpy(zero_copy_only=False)])

    def codes(self) -> Codes:
        return np.concatenate(self.chunks) if self.chunks else np.empty(0, np.int32)


@dataclass
class _Found:
    """Rows read so far."""

    file: str
    case: str
    activity: str
    time: str
    reader: Times
    leave_out: bool
    rows: int = 0
    left_out: int = 0
    columns: dict[str, _Coded] = field(default_factory=dict)
    times: list[Numbers] = field(default_factory=list)

    def take(self, batch: pa.Table) -> None:
        own, rows = self._whole(batch), batch.num_rows
        try:
            self.times.append(self.reader.read(own[self.time].combine_chunks()))
        except NotATime as fault:
            raise self.fault(*self._not_a_time(fault, batch)) from None
        for name in (one for one in own.schema.names if one != self.time):
            self.columns.setdefault(name, _Coded()).take(own[name].combine_chunks())
        self.rows += rows
        self.left_out += rows - own.num_rows

    def _whole(self, batch: pa.Table) -> pa.Table:
        """The rows that have case, activity and time."""
        for name, rule in ((self.case, "case"), (self.activity, "activity"), (self.time, "time")):
            if batch[name].null_count and not self.leave_out:
                row = pc.index(pc.is_null(batch[name]), True).as_py()
                raise self.fault(f"The event has no {rule}.", row, name, f"event-has-{rule}")
            batch = batch.filter(pc.is_valid(batch[name])) if batch[name].null_count else batch
        return batch

    def _not_a_time(self, fault: NotATime, batch: pa.Table) -> tuple[str, int, str, str]:
        whole = pc.and_(
            pc.and_(*(batch[n].is_valid() for n in (self.case, self.activity))), batch[self.time].is_valid()
        )
        row = int(np.flatnonzero(whole.to_numpy(zero_copy_only=False))[fault.place])
        if fault.mixed:
            words = "Some times have an offset from UTC and this one has none, or the other way."
            return words, row, self.time, "one-kind-of-time"
        form = f"of the form {self.reader.form}" if self.reader.form else "a date and time of ISO 8601"
        return f"The time is not {form}.", row, self.time, "time-has-form"

    def fault(self, words: str, row: int, column: str, rule: str) -> YourData:
        remedy = (
            "State the form of times, as %d/%m/%Y %H:%M:%S, or mend the log."
            if rule == "time-has-form"
            else "Mend the log, name another column, or leave such rows out (--leave-out-incomplete)."
        )
        return YourData(
            words, file=self.file, row=self.rows + row + 1, column=column, rule=rule, remedy=remedy
        )

    def log(self, attributes: Sequence[str]) -> EventLog:
        empty = _Coded()
        case, activity = self.columns.get(self.case, empty), self.columns.get(self.activity, empty)
        time = np.concatenate(self.times) if self.times else np.empty(0, np.int64)
        codes = case.codes()
        known = {
            name: _first_known(self.columns[name], codes, len(case.values))
            for name in attributes
            if codes.size
        }
        return event_log(
            activity.values,
            codes,
            activity.codes(),
            time,
            attributes=known,
            left_out=self.left_out,
            file=self.file,
        )


def _first_known(column: _Coded, case: Codes, cases: int) -> Attribute:
    """The first value of each case that is not empty."""
    own, codes = column.codes(), np.full(cases, -1, np.int32)
    known = np.flatnonzero(own >= 0)[::-1]  # later ones are written first, so that the first stays
    codes[case[known]] = own[known]
    return Attribute(tuple(column.values), codes)
