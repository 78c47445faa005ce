"""A trust's own template, checked before anything reads it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from joinedup.errors import UnreadableFile, UnsafeFile

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 50_000_000, 300_000_000, 5_000


def checked(path: Path, marks: str) -> io.BytesIO:
    """The content of a template whose main part is `marks` (ppt/presentation.xml, word/document.xml).

    Raises UnreadableFile for what is no such file, UnsafeFile for one that is too large or holds macros.
    """
    kind = path.suffix.lower()
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise UnreadableFile(
            "There is no such template.", file=path.name, remedy="Check its name."
        ) from error
    if content is None:
        raise UnsafeFile(
            "The template is larger than 50 MB.", file=path.name, remedy="Take pictures out of it."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive.infolist(), path.name)
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableFile(
            f"This is no {kind or 'office'} file, or it is damaged.", file=path.name, remedy=SAVE
        ) from error
    if marks not in names or kind not in (".pptx", ".docx"):
        raise UnreadableFile("This is no template of that kind.", file=path.name, remedy=SAVE)
    return io.BytesIO(content)


def _check(entries: list[zipfile.ZipInfo], name: str) -> None:
    faults = {
        "has too many parts": len(entries) > MOST_PARTS,
        "unpacks to more than 300 MB": sum(entry.file_size for entry in entries) > MOST_UNPACKED,
        "holds macros": any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries),
    }
    for words in (words for words, met in faults.items() if met):
        raise UnsafeFile(f"The template {words}.", file=name, remedy=SAVE)


SAVE = "Save it as .pptx for slides or .docx for documents, without macros, and name that."
