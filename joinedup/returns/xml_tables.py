"""A return as one XML document, in our documented layout with the national names:

    <IDS version="2.1">
      <IDS000Header><DatSetVer>2.1</DatSetVer><OrgIDProv>RV3</OrgIDProv> ... </IDS000Header>
      <IDS001MPI><LocalPatientId>...</LocalPatientId> ... </IDS001MPI>
      <IDS101Referral> ... </IDS101Referral>
    </IDS>

One element per record, named as its table; one child element per value, named as its column; a column left
out or empty is null. No namespace, no attributes but `version`, no mixed text. The document is read as a
stream by defusedxml: no document type, no entities, nothing fetched, no element deeper than the third level.
The national XML schema is not public, so this layout is ours (decision 26).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

import pyarrow as pa
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from joinedup.definitions.return_spec import ReturnSpec, Table
from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.returns.csv_tables import finding, numbered
from joinedup.returns.findings import Finding
from joinedup.returns.submission import RawTable, TableRead

_LAYOUT = 'The layout is <IDS version="2.1">, one element per record, one child element per column.'
_FLUSH = 20_000


@dataclass
class _Collector:
    """Values of one table so far: Python lists for the newest rows, Arrow for the rest."""

    table: Table
    newest: dict[str, list[str | None]] = field(default_factory=dict)
    chunks: list[pa.Table] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    rows: int = 0

    def __post_init__(self) -> None:
        self.newest = {column.name: [] for column in self.table.columns}

    def flush(self) -> None:
        self.chunks.append(pa.table({n: pa.array(v, pa.string()) for n, v in self.newest.items()}))
        for values in self.newest.values():
            values.clear()


def read_xml(data: bytes, spec: ReturnSpec, file: str) -> Mapping[str, TableRead]:
    """The tables of one XML return, by table id. Raises UnreadableFile (with row) or UnsafeFile."""
    by_name = {table.name: _Collector(table) for table in spec.tables}
    try:
        for record in _records(data, file):
            collector = by_name.get(record.tag)
            if collector is None:
                raise _unreadable(f"An element is named as no table of {spec.id}.", file)
            _take(record, collector, file)
    except DefusedXmlException:
        raise UnsafeFile(
            "The XML declares a document type or entities.", file=file, remedy="Write it without a DOCTYPE."
        ) from None
    except (ParseError, LookupError, ValueError):
        raise _unreadable("The XML is not well formed; it may have been cut short.", file) from None
    return {c.table.id: _read(c, file) for c in by_name.values() if c.rows}


def _records(data: bytes, file: str) -> Iterator[Element]:
    """Each child of the root when it is complete; the tree is emptied as it goes."""
    depth, root, last = 0, None, None
    for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            depth += 1
            root = _check_start(element, depth, file) if root is None else root
            if depth > 3:
                raise UnsafeFile("The XML nests deeper than three levels.", file=file, remedy=_LAYOUT)
            continue
        depth -= 1
        if depth <= 1 and root is not None:
            # Text after a record is known only when the next one, or the root, is complete.
            if (root.text or "").strip() or (last is not None and (last.tail or "").strip()):
                raise _unreadable("There is text between the records.", file)
            last = element
        if depth == 1 and root is not None:
            yield element
            root.clear()


def _check_start(element: Element, depth: int, file: str) -> Element:
    if depth != 1 or element.tag != "IDS" or set(element.attrib) - {"version"}:
        raise _unreadable("The outermost element is not <IDS> without a namespace.", file)
    return element


def _take(record: Element, collector: _Collector, file: str) -> None:
    collector.rows += 1
    row = collector.rows
    if record.attrib or (record.text or "").strip():
        raise _unreadable("The record holds text or attributes of its own.", file, row)
    values: dict[str, str | None] = {}
    for child in record:
        if child.attrib or len(child) or (child.tail or "").strip():
            raise _unreadable("A value holds attributes or elements of its own.", file, row)
        if child.tag in values:
            raise _unreadable("A column stands in the record twice.", file, row)
        values[child.tag] = child.text or None
    for name, column in collector.newest.items():
        column.append(values.pop(name, None))
    collector.unknown.update(values)
    if row % _FLUSH == 0:
        collector.flush()


def _read(collector: _Collector, file: str) -> TableRead:
    collector.flush()
    rows = pa.concat_tables(collector.chunks)
    table = collector.table
    notes: tuple[Finding, ...] = ()
    if collector.unknown:
        count = len(collector.unknown)
        words = f"{table.name} has {count} kinds of element that are not its columns; they were not read."
        notes = (finding("WARNING", file, None, words),)
    raw = RawTable(table.id, file, numbered(rows), (), tuple(sorted(collector.unknown)))
    return TableRead(raw, _digest(rows), notes)


def _digest(rows: pa.Table) -> bytes:
    """SHA-256 of the values, so that white space between elements does not make another submission."""
    whole = hashlib.sha256()
    for name in rows.column_names:
        whole.update(f"\n{name}\n".encode())
        for value in rows.column(name).to_pylist():
            whole.update(b"\0" if value is None else f"{len(value)}:{value}".encode())
    return whole.digest()


def _unreadable(message: str, file: str, row: int | None = None) -> UnreadableFile:
    return UnreadableFile(message, file=file, row=row, remedy=_LAYOUT)
