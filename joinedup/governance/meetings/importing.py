"""Files in, a register out: records of meetings and their papers. What failed is told and can be run again.

Nothing is fetched. A paper is on the disk before the register names it, and the register before anybody is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from joinedup.errors import JoinedupError, UnreadableFile, UnsafeFile, YourCommand, YourData
from joinedup.governance.meetings.archive import archive, sha256
from joinedup.governance.meetings.blocks import page_of
from joinedup.governance.meetings.differing import plain
from joinedup.governance.meetings.moderngov import read_moderngov
from joinedup.governance.meetings.open_council import parts_of, read_open_council
from joinedup.governance.meetings.passages import MOST_BYTES, Medium, medium_of, read_passages
from joinedup.governance.meetings.records import PaperLink, Record, Source, address_or_nothing
from joinedup.governance.meetings.register import FILE, KeptPaper, Register, writing
from joinedup.saved_pages import read_text

Result = Literal["new", "changed", "known", "failed"]
MOST_FILES = 2_000
_ORDER: tuple[Result, ...] = ("new", "changed", "known")
_UNKNOWN = "?"
_NAMELESS = YourData(
    "It does not say of which committee the meeting is.",
    remedy="Import it together with the answer of GetMeetings, or add --committee NAME.",
)


@dataclass(frozen=True)
class Step:
    """What became of one file. `meetings` are the ids that it belongs to; a failed one says what to do."""

    file: str
    what: Literal["record", "paper", "file"]
    result: Result
    sha256: str = ""
    meetings: tuple[str, ...] = ()
    message: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class _Said:
    """What whoever imports says of the files: their role, the day, and what the files do not say themselves."""

    by: str
    on: date
    council: str = ""
    committee: str = ""
    url: str = ""
    fetched: date | None = None
    meeting: str = ""


@dataclass
class _File:
    """A file while it is imported."""

    name: str
    content: bytes
    medium: Medium
    sha256: str
    records: tuple[Record, ...] = ()
    links: tuple[PaperLink, ...] = ()
    is_record: bool = False
    results: set[Result] = field(default_factory=set)
    keys: tuple[str, ...] = ()


def import_files(
    folder: Path,
    paths: Sequence[Path],
    *,
    by: str,
    on: date,
    council: str = "",
    committee: str = "",
    url: str = "",
    fetched: date | None = None,
    meeting: str = "",
) -> tuple[Register, tuple[Step, ...]]:
    """Import files, and the files of folders, into the register of a folder. Returns it with a step for each file.

    `by` is the role that imports; `council`, `committee` and `url` are for records that do not say them, `meeting` is
    the id of the meeting to which papers belong. Raises YourCommand (nobody is named, the folder cannot be written),
    UnknownName (no such meeting), YourData (a damaged register).
    """
    if not by.strip():
        raise YourCommand("Who imports it is not said.", remedy="Name a role, such as scrutiny officer.")
    if url and not address_or_nothing(url):
        raise YourCommand("This is no address of a page.", remedy="Begin it with https://.")
    said, failed = _Said(by.strip(), on, council, committee, url, fetched, meeting), list[Step]()
    with writing(folder) as before:
        files = list(_read(_listed(paths), said, failed))
        register = _with_records(before, files, said, failed)
        register = _with_papers(register, files, said)
        for file in files:
            if file.results:
                archive(folder, file.content, file.medium)
        if register != before:
            register.save(folder)
    return register, (*_told(register, files), *failed)


def _listed(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [
            each
            for each in inside
            if path == each or (each.is_file() and each.name[0] != "." and each.name != FILE)
        ]
    if len(found) > MOST_FILES:
        raise YourCommand(f"These are more than {MOST_FILES:,} files.", remedy="Import them in parts.")
    return found


def _read(paths: Iterable[Path], said: _Said, failed: list[Step]) -> Iterator[_File]:
    seen: set[str] = set()
    for path in paths:
        # a name that is no text cannot be written down
        digest, name = "", path.name.encode("utf-8", "replace").decode()
        try:
            content = _content(path)
            digest = sha256(content)
            if digest not in seen:
                seen.add(digest)
                yield _taken_in(_File(name, content, medium_of(content, name), digest), said)
        except JoinedupError as error:
            failed.append(_failure(name, digest, error))
        except ValidationError as error:
            told = YourData(
                f"It says more than a record holds: {error.errors()[0]['msg']}.",
                remedy="Send the record of one meeting.",
            )
            failed.append(_failure(name, digest, told))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            "There is no such file, or it cannot be opened.", remedy="Check its name."
        ) from error
    if len(content) > MOST_BYTES:
        raise UnsafeFile(f"It is larger than {MOST_BYTES // 1024**2} MB.", remedy="Send it in parts.")
    if not content:
        raise UnreadableFile("It is empty.", remedy="Save it again.")
    return content


def _taken_in(file: _File, said: _Said) -> _File:
    """The file with the records in it. Whatever is no record is a paper, and has to be readable as one."""
    kind: Literal["moderngov", "open_council_network"] = (
        "moderngov" if file.medium == "xml" else "open_council_network"
    )
    source = Source(
        kind=kind, council=said.council or _UNKNOWN, file=file.name, sha256=file.sha256, on=said.on, by=said.by,
        url=said.url, fetched=said.fetched,
    )  # fmt: skip
    if file.medium == "xml":
        answer = read_moderngov(file.content, file.name, source, committee=said.committee)
        file.records, file.links, file.is_record = answer.records, answer.papers, True
        if sum(record.published for record in answer.records) > 1:
            raise UnreadableFile(
                "It holds several agendas.", remedy="Save the answer of GetMeeting for each meeting."
            )
    elif file.medium in ("html", "text") and parts_of(page_of(read_text(file.content, file.name), file.name)):
        file.records = (read_open_council(file.content, file.name, source),)
        file.is_record = True
    else:
        read_passages(file.content, file.name)
    # a register that could not be read again would be nobody's: what goes in has been checked
    file.records = tuple(Record.model_validate(record.model_dump()) for record in file.records)
    return file


def _with_records(register: Register, files: Sequence[_File], said: _Said, failed: list[Step]) -> Register:
    """Lists of meetings before the meetings: they name the committees."""
    before = {record.key: record for record in register.records}
    for file in sorted(files, key=lambda found: any(record.published for record in found.records)):
        nameless = False
        for record in file.records:
            known = next((found for found in register.records if found.key == record.key), None)
            whole = _completed(record, known)
            if whole.committee == _UNKNOWN:
                nameless = True
                continue
            held = before.get(whole.key)
            file.results.add("new" if held is None else "known" if whole == held else "changed")
            file.keys = (*file.keys, whole.key)
            others = [found for found in register.records if found.key != record.key]
            ordered = tuple(sorted((*others, whole), key=lambda found: found.key))
            register = register.model_copy(update={"records": ordered})
        if nameless:
            failed.append(_failure(file.name, file.sha256, _NAMELESS))
        if file.keys:
            committee, url = file.records[0].committee, file.records[0].source.url
            register = _kept(register, file, said, committee, file.keys, url)
    return register


def _completed(record: Record, known: Record | None) -> Record:
    """The record with what an earlier one knew and it does not say. A list of meetings takes nothing from an agenda."""
    if known is None:
        return record
    if record.committee == _UNKNOWN:
        record = record.model_copy(update={"committee": known.committee})
    if not record.committee_number:
        record = record.model_copy(update={"committee_number": known.committee_number})
    if not record.source.url:
        record = record.model_copy(
            update={"source": record.source.model_copy(update={"url": known.source.url})}
        )
    if known.published and not record.published:
        filled = {"time": known.time or record.time, "committee_number": record.committee_number}
        return known.model_copy(update=filled)
    first = known.source if known.source.sha256 == record.source.sha256 else None
    if first is not None:  # the same bytes again: who brought them first, and when, stays
        told = {"file": first.file, "on": first.on, "by": first.by, "earlier": first.earlier}
        told["fetched"] = record.source.fetched or first.fetched
        return record.model_copy(update={"source": record.source.model_copy(update=told)})
    before = (*known.source.earlier, known.source.sha256)
    earlier = tuple(dict.fromkeys(found for found in before if found != record.source.sha256))
    return record.model_copy(update={"source": record.source.model_copy(update={"earlier": earlier})})


def _with_papers(register: Register, files: Sequence[_File], said: _Said) -> Register:
    own = {meeting.id: meeting for meeting in register.meetings}
    named = register.meeting(said.meeting).keys if said.meeting else ()
    touched = {
        home for home, meeting in own.items() if set(meeting.keys) & {key for f in files for key in f.keys}
    }
    linked = [(record.key, link) for record in register.records for link in record.papers]
    linked += [("", link) for file in files for link in file.links]
    for file in (file for file in files if not file.is_record):
        links = [(key, link) for key, link in linked if _is(link, file.name)]
        keys = named or tuple(dict.fromkeys(key for key, _ in links if key))
        if not keys and len(touched) == 1:
            keys = own[next(iter(touched))].keys
        title = next((link.title for _, link in links if link.title), PurePosixPath(file.name).stem)
        url = next((link.url for _, link in links if link.url), "")
        before = register
        register = _kept(register, file, said, title, keys, url)
        file.keys = next(paper.records for paper in register.papers if paper.sha256 == file.sha256)
        held = any(paper.sha256 == file.sha256 for paper in before.papers)
        file.results.add("new" if not held else "known" if register == before else "changed")
    return register


def _kept(
    register: Register, file: _File, said: _Said, title: str, keys: Iterable[str], url: str
) -> Register:
    """With this paper, of these records and of those it was of before."""
    known = next((paper for paper in register.papers if paper.sha256 == file.sha256), None)
    paper = known or KeptPaper(
        sha256=file.sha256, medium=file.medium, file=file.name, bytes=len(file.content), title=title[:2_000], url=url,
        on=said.on, by=said.by, record=file.is_record,
    )  # fmt: skip
    paper = paper.model_copy(
        update={"records": tuple(sorted({*paper.records, *keys})), "url": paper.url or url}
    )
    others = [found for found in register.papers if found.sha256 != file.sha256]
    ordered = tuple(sorted((*others, paper), key=lambda found: found.sha256))
    return register.model_copy(update={"papers": ordered})


def _is(link: PaperLink, name: str) -> bool:
    """Whether a file is the paper that a record links to: by the council's number of it, its address, or its title."""
    stem = PurePosixPath(name).stem
    last = PurePosixPath(unquote(urlsplit(link.url).path)).stem
    number = re.search(r"[?&]ID=([0-9]{1,12})(?:&|$)", link.url)
    titles = {plain(link.title), plain(last)} - {"", "mgconvert2pdf"}
    return plain(stem) in titles or stem in {link.attachment, number[1] if number else ""} - {""}


def _told(register: Register, files: Sequence[_File]) -> Iterator[Step]:
    meetings = register.meetings
    for file in files:
        if file.results:
            result = next(kind for kind in _ORDER if kind in file.results)
            homes = tuple(meeting.id for meeting in meetings if set(meeting.keys) & set(file.keys))
            step = Step(file.name, "record" if file.is_record else "paper", result, file.sha256, homes)
            lost = "It belongs to no meeting yet." if not homes else ""
            yield replace(step, message=lost, remedy="Import it again with --meeting ID." if lost else "")
        elif file.is_record and not file.records:
            yield Step(
                file.name,
                "file",
                "known",
                file.sha256,
                message="It describes papers: files imported with it take their titles from it.",
            )


def _failure(name: str, digest: str, error: JoinedupError) -> Step:
    return Step(name, "file", "failed", digest, (), error.message, error.remedy)
