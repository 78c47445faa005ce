"""The folder a lake lies in: whose it is, who may write to it now, and a private corner to spill into."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from joinedup.errors import LakeBusy, LakeDamaged, YourCommand
from joinedup.lake.durable import create_once, fsync, sealed, unsealed
from joinedup.lake.ledger import RESTORE

Purpose = Literal["demo", "live"]
_FORM = 1  # of the folder as a whole; a lake of another form is refused rather than misread
_PARTS = ("ledger", "tables")


@dataclass(frozen=True)
class Identity:
    """What never changes about a lake: its purpose, and the fingerprint of the key to its pseudonyms."""

    purpose: Purpose
    key_fingerprint: str
    form: int = _FORM


def make_folder(folder: Path, identity: Identity) -> None:
    """Lay out an empty lake, readable by its owner only. YourCommand when the folder holds something else."""
    if folder.exists() and any(
        part.name not in _PARTS and not part.name.startswith(".") for part in folder.iterdir()
    ):
        raise YourCommand(f"{folder.name} holds other files", remedy="name an empty or a new folder")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for part in _PARTS:
        (folder / part).mkdir(exist_ok=True, mode=0o700)
    with suppress(FileExistsError):  # made by another process this moment: whose it is, is checked on opening
        create_once(folder / "lake.json", sealed(asdict(identity)))
    fsync(folder.parent)


def read_identity(folder: Path) -> Identity:
    """Whose lake it is. YourCommand when the folder is not a lake, LakeDamaged when it no longer says."""
    try:
        identity = Identity(**unsealed((folder / "lake.json").read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        raise YourCommand(f"{folder.name} is not a lake", remedy="name a folder that joinedup made") from None
    except (ValueError, TypeError, AttributeError):
        raise LakeDamaged("lake.json is torn or altered", remedy=RESTORE) from None
    if identity.form != _FORM or identity.purpose not in ("demo", "live"):
        raise LakeDamaged(
            "lake.json is of a form not known here", remedy="use the version that made the lake"
        )
    return identity


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the writer's lock, which dies with its process; YourCommand at once when another has it."""
    with (folder / "writer.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LakeBusy("another process is writing to the lake", remedy="wait for it to end") from None
        yield


@contextmanager
def spill_folder(folder: Path) -> Iterator[Path]:
    """A private folder (0700) inside the lake for what does not fit in memory; gone afterwards."""
    spill = Path(tempfile.mkdtemp(prefix=".spill-", dir=folder))
    try:
        yield spill
    finally:
        shutil.rmtree(spill, ignore_errors=True)
