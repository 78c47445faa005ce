"""Papers as files: what they may be, and where they lie. A file is kept by the sha256 of its bytes, under its place."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from joinedup.errors import LakeDamaged, OurFault, UnreadableFile, UnsafeFile
from joinedup.lake.durable import fsync_all
from joinedup_web.organisations.uploading import InMemoryUpload

MOST_BYTES = 30_000_000
MOST_UNPACKED, MOST_PARTS = 500_000_000, 10_000
OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
SAVE = "Save it as PDF, DOCX, XLSX or PPTX, without macros and without a password."
_PLACE = re.compile(r"[A-Za-z0-9-]{1,40}")
_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]+")


class PaperFileHandler(InMemoryUpload):
    """Takes the file of a paper from those who keep meetings."""

    takes = "agenda_item_act"
    asks = ("keep", "meeting")
    most = MOST_BYTES


@dataclass(frozen=True)
class Kept:
    """A file that is kept: its sha256, name, form and bytes in number."""

    sha256: str
    name: str
    form: str
    size: int


def form_of(content: bytes, name: str) -> str:
    """What a file is by its first bytes and parts, never by its name alone. Raises UnreadableFile, UnsafeFile."""
    if content.startswith(b"%PDF-"):
        found = "pdf"
    elif content.startswith(b"PK\x03\x04"):
        found = _office(content)
    else:
        raise UnreadableFile("This is no PDF, DOCX, XLSX or PPTX file.", file=name, remedy=SAVE)
    if Path(name).suffix.lower() != f".{found}":
        raise UnreadableFile(
            f"By its content this is a {found.upper()} file, and its name says otherwise.",
            file=name, remedy=f"Let its name end in .{found}.",
        )  # fmt: skip
    return found


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableFile("This file is damaged.", file="", remedy=SAVE) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnsafeFile("This file unpacks to more than 500 MB.", file="", remedy=SAVE)
    names = {part.filename for part in parts}
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        raise UnsafeFile("This file holds macros.", file="", remedy=SAVE)
    found = next((form for form, main in OFFICE.items() if main in names), None)
    if found is None:
        raise UnreadableFile("This is no PDF, DOCX, XLSX or PPTX file.", file="", remedy=SAVE)
    return found


def keep(content: bytes, name: str, place: str) -> Kept:
    """Keep a file, durably; the same bytes once. Raises as `form_of`."""
    plain = plain_name(name)
    form, digest = form_of(content, plain), hashlib.sha256(content).hexdigest()
    path = _path(place, digest)
    if not path.is_file() or path.read_bytes() != content:  # what was altered is mended by what comes again
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        staged = path.with_name(f".{digest}")
        staged.write_bytes(content)
        staged.chmod(0o600)
        fsync_all([staged])
        staged.rename(path)
        fsync_all([path.parent])
    return Kept(digest, plain, form, len(content))


def content_of(place: str, sha256: str) -> bytes | None:
    """The bytes of a file; None where it is gone. Raises LakeDamaged where they are not those that were kept."""
    path = _path(place, sha256)
    if not path.is_file():
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise LakeDamaged(
            "A paper was altered after it was kept.", remedy="A backup has it: joinedup workspace restore"
        )
    return content


def remove(place: str, sha256: str) -> None:
    """Remove a file that no paper of the place names any more."""
    _path(place, sha256).unlink(missing_ok=True)


def plain_name(name: str) -> str:
    """A file's name as it is kept and offered: no path, no control signs, at most 100 signs, its ending kept."""
    last = re.split(r"[\\/]", name)[-1]
    stem, dot, ending = _PLAIN.sub("_", last).strip(" .").rpartition(".")
    return f"{(stem or 'paper')[:94]}{dot}{ending[:5].lower()}" if dot else (ending or "paper")[:100]


def _path(place: str, sha256: str) -> Path:
    if not _PLACE.fullmatch(place) or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise OurFault(f"a paper of {len(place)} signs of place has no folder")
    return Path(settings.ENVIRONMENT.folder) / "papers" / place / sha256
