"""`read_submission`: one return, from whatever it came in, to tables of text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from joinedup.definitions.return_spec import ReturnSpec, Table
from joinedup.errors import UnreadableFile
from joinedup.returns.access import read_access
from joinedup.returns.containers import Member, check_size, folder_members, zip_members
from joinedup.returns.csv_tables import finding, read_csv_table
from joinedup.returns.findings import Finding
from joinedup.returns.submission import Submission, TableRead, combined_hash
from joinedup.returns.xml_tables import read_xml

ENDINGS = (".zip", ".xml", ".mdb", ".accdb")
_REMEDY = "Send a folder or zip of CSV files, one XML document, or an Access database."


def read_submission(path: str | Path, spec: ReturnSpec | None = None) -> Submission:
    """Read a CSV folder, a zip of CSV files, an XML document or an Access database.

    Nothing is checked but that it can be read: values stay the text that was sent, and rules come later.
    Raises UnsafeFile (a limit, before parsing), UnreadableFile (file, row, remedy) or MissingPart (mdbtools).
    """
    path = Path(path)
    spec = spec or ReturnSpec.load("talking_therapies")
    if not path.exists():
        raise UnreadableFile("There is no such file or folder.", file=path.name, remedy="Check the path.")
    if path.is_dir():
        return _from_members(path, folder_members(path), spec)
    check_size(path)
    kind = path.suffix.lower()
    if kind == ".zip":
        with path.open("rb") as stream:
            return _from_members(path, zip_members(stream, path.name), spec)
    if kind == ".xml":
        return _submission(path, read_xml(path.read_bytes(), spec, path.name), ())
    if kind in (".mdb", ".accdb"):
        reads, others = read_access(path, spec)
        return _submission(path, reads, [_left_unread(name) for name in others])
    raise UnreadableFile(
        f"We read no files of the kind {kind or 'without an ending'}.", file=path.name, remedy=_REMEDY
    )


def is_table_file(name: str, spec: ReturnSpec | None = None) -> bool:
    """Whether a file's name is that of a national table (`IDS101Referral.csv` or `IDS101.csv`)."""
    stem = _stem(name)
    return bool(stem) and stem in _tables_by_name(spec or ReturnSpec.load("talking_therapies"))


def _from_members(path: Path, members: Sequence[Member], spec: ReturnSpec) -> Submission:
    tables = _tables_by_name(spec)
    documents = [member for member in members if member.name.lower().endswith(".xml")]
    if len(documents) == 1 and len(members) == 1:
        return _submission(path, read_xml(documents[0].read(), spec, documents[0].name), ())
    reads: dict[str, TableRead] = {}
    problems: list[Finding] = []
    for member in members:
        table = tables.get(_stem(member.name))
        if table is None:
            problems.append(_left_unread(member.name))
            continue
        if table.id in reads:
            first = reads[table.id].table.file_name
            raise UnreadableFile(
                f"This file and {first} both claim to be {table.id}.",
                file=member.name,
                remedy="Leave one out.",
            )
        reads[table.id] = read_csv_table(member.read(), table, member.name)
    if not reads:
        raise UnreadableFile(
            f"It holds no table of {spec.id}.",
            file=path.name,
            remedy="Name the files IDS101Referral.csv and so on.",
        )
    return _submission(path, reads, problems)


def _submission(path: Path, reads: Mapping[str, TableRead], problems: Sequence[Finding]) -> Submission:
    if not reads:
        raise UnreadableFile("There is not one record in it.", file=path.name, remedy=_REMEDY)
    in_order = {table_id: reads[table_id] for table_id in sorted(reads)}
    found = [problem for read in in_order.values() for problem in read.problems]
    files = {table_id: read.table for table_id, read in in_order.items()}
    return Submission(path.name, path, combined_hash(in_order), files, (*problems, *found))


def _tables_by_name(spec: ReturnSpec) -> Mapping[str, Table]:
    names = {table.name.casefold(): table for table in spec.tables}
    return names | {table.id.casefold(): table for table in spec.tables}


def _stem(name: str) -> str:
    return re.sub(r"\.csv$", "", name.casefold()) if name.casefold().endswith(".csv") else ""


def _left_unread(name: str) -> Finding:
    return finding("WARNING", name, None, "This is not a table of the return; it was left unread.")
