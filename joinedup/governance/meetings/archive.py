"""Papers as they came, each once, by its content: `papers/ab/abcd….pdf` beside the register.

A paper is on the disk, whole and forced, before anything says that it is there.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from joinedup.errors import YourCommand, YourData
from joinedup.governance.meetings.passages import Medium

FOLDER = "papers"
SUFFIXES: dict[Medium, str] = {"pdf": ".pdf", "xml": ".xml", "html": ".html", "text": ".txt"}


def sha256(content: bytes) -> str:
    """The name of a content."""
    return hashlib.sha256(content).hexdigest()


def path_in(folder: Path, digest: str, medium: Medium) -> Path:
    """Where the paper of that hash lies in the folder of a register."""
    return folder / FOLDER / digest[:2] / f"{digest}{SUFFIXES[medium]}"


def archive(folder: Path, content: bytes, medium: Medium) -> Path:
    """Put a paper into the archive, durable when this returns. The same bytes twice are one paper; a damaged copy is
    put right. Raises YourCommand where the folder cannot be written."""
    from joinedup.lake.durable import create_once, fsync

    path = path_in(folder, sha256(content), medium)
    try:
        if path.is_file() and path.read_bytes() != content:
            path.unlink()
        for made in (path.parent.parent, path.parent):
            made.mkdir(exist_ok=True)
            fsync(made.parent)
        if path.is_file():
            fsync(path)
            fsync(path.parent)
        else:
            create_once(path, content)
            path.chmod(0o644)
    except FileExistsError:
        return path  # somebody else put the same bytes there this moment
    except OSError as error:
        raise YourCommand(f"{path} cannot be written.", remedy="Check the folder and its space.") from error
    return path


def content_of(folder: Path, digest: str, medium: Medium) -> bytes:
    """The paper of that hash. Raises YourData where it is gone, or its bytes are others."""
    path = path_in(folder, digest, medium)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise YourData(
            "The archive does not hold this paper.", file=path.name, remedy="Import it again."
        ) from error
    if sha256(content) != digest:
        raise YourData("The archived paper was altered.", file=path.name, remedy="Import it again.")
    return content
