"""`peek`: whose return a file is, without reading more of it than its header. What a web form asks before it keeps
anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnreadableFile
from joinedup.returns.containers import Member, check_size, folder_members, zip_members
from joinedup.returns.csv_tables import read_csv_table
from joinedup.returns.header import HEADER, read_header
from joinedup.returns.reading import ENDINGS, is_table_file
from joinedup.returns.report import Header
from joinedup.returns.submission import Submission

_ACCESS = (b"\x00\x01\x00\x00Standard Jet DB", b"\x00\x01\x00\x00Standard ACE DB")
_NOT = "It is not what its name says: {}."
_REMEDY = "Send a zip of CSV files, one XML document, or an Access database, as your system exports it."


def peek(path: str | Path, spec: ReturnSpec | None = None) -> Header | None:
    """The header of a folder or zip of CSV files; None for XML and Access, and where the header cannot be read.

    Every limit on size, number, ratio and names of the way in is enforced. Raises UnsafeFile, or UnreadableFile where
    it is empty, no return at all, or not what its ending says.
    """
    path, spec = Path(path), spec or ReturnSpec.load("talking_therapies")
    if path.is_dir():
        return _of_members(path.name, folder_members(path), spec)
    check_size(path)
    with path.open("rb") as stream:
        start = stream.read(64)
        _check_kind(path, start)
        if path.suffix.lower() != ".zip":
            return None
        return _of_members(path.name, zip_members(stream, path.name), spec)


def _check_kind(path: Path, start: bytes) -> None:
    kind = path.suffix.lower()
    if kind not in ENDINGS:
        raise UnreadableFile(
            f"We read no files of the kind {kind or 'without an ending'}.", file=path.name, remedy=_REMEDY
        )
    if not start:
        raise UnreadableFile("The file is empty.", file=path.name, remedy="Export it again.")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    fits = {
        ".zip": start.startswith(b"PK"),
        # Documents in UTF-16 begin with a mark and have a zero beside each letter.
        ".xml": text.startswith(b"<") or start.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")),
    }
    if not fits.get(kind, start.startswith(_ACCESS)):
        raise UnreadableFile(_NOT.format(f"no {kind[1:]} file begins so"), file=path.name, remedy=_REMEDY)


def _of_members(name: str, members: Sequence[Member], spec: ReturnSpec) -> Header | None:
    if len(members) == 1 and members[0].name.lower().endswith(".xml"):
        return None
    if not any(is_table_file(member.name, spec) for member in members):
        raise UnreadableFile(
            f"It holds no table of {spec.id}.",
            file=name,
            remedy="Name the files IDS101Referral.csv and so on.",
        )
    table = spec.table(HEADER)
    names = (f"{table.id}.csv".casefold(), f"{table.name}.csv".casefold())
    for member in members:
        if member.name.casefold() in names:
            read = read_csv_table(member.read(), table, member.name)
            return read_header(Submission(name, Path(name), "", {HEADER: read.table}, ()))
    return None
