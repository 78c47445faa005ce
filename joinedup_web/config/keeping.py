"""Backups of a workspace: database, lake and released figures as they were at one moment, and back again.

A store is a folder: `objects/` holds each content once, under its sha256, and `<time>.json` says which file of a
backup has which content. The lake never changes a file, so that a second backup writes only what is new. Nothing is
trusted on the way back: every byte is compared with its hash, the lake with its ledger.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from joinedup.errors import LakeDamaged, YourCommand
from joinedup.lake import open_lake
from joinedup.lake.durable import create_once, fsync, fsync_all, sealed, unsealed

Progress = Callable[[str, int, int], None]
DUMP = "database.dump"
PIECE = 1 << 20


@dataclass(frozen=True)
class Backup:
    """One backup in a store: when it was made, the lake's state, and the sha256 and mode of every file by its path."""

    name: str
    snapshot: int
    files: dict[str, tuple[str, int]]


def back_up(lake: Path, folder: Path, dump: Callable[[Path], None], store: Path, show: Progress) -> Backup:
    """Add a backup to `store`, whole or not at all. `dump` writes the database to the file it is given.

    The database goes first, so that what is kept of the lake is at least as new as what the database says of it.
    """
    objects = store / "objects"
    objects.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store, prefix=".dump-") as held:
        dump(Path(held) / DUMP)
        sources = [(DUMP, Path(held) / DUMP), *_of_lake(lake), *_of_workspace(folder)]
        files = {}
        for done, (name, source) in enumerate(sources):
            show("Copying", done, len(sources))
            files[name] = (_keep(source, objects), source.stat().st_mode & 0o777)
        show("Copying", len(sources), len(sources))
    made = Backup(datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ"), _states(files), files)
    create_once(store / f"{made.name}.json", sealed({"snapshot": made.snapshot, "files": files}))
    fsync(store)
    return made


def backups(store: Path) -> tuple[str, ...]:
    """Names of the backups in a store, oldest first."""
    return tuple(sorted(path.stem for path in store.glob("*Z.json")))


def read_backup(store: Path, name: str = "") -> Backup:
    """A backup of a store by its name; the newest by default. YourCommand where there is none, or it is torn."""
    known = backups(store)
    if not known or (name and name not in known):
        raise YourCommand(
            f"There is no backup {name}in {store}.".replace("  ", " "),
            remedy=f"It has: {', '.join(known) or 'none'}. Make one with: joinedup workspace backup",
        )
    chosen = name or known[-1]
    try:
        told = unsealed((store / f"{chosen}.json").read_bytes())
    except ValueError as error:
        raise LakeDamaged(f"The backup {chosen} is torn.", remedy="Use an earlier one with --at.") from error
    return Backup(
        chosen, told["snapshot"], {path: (found[0], found[1]) for path, found in told["files"].items()}
    )


def faults(store: Path, backup: Backup) -> Iterator[str]:
    """Files of a backup whose content is missing or not what was kept. Reads everything."""
    for name, (content, _) in backup.files.items():
        kept = _object(store / "objects", content)
        if not kept.is_file():
            yield f"{name}: its content is missing"
        elif _sha256(kept) != content:
            yield f"{name}: its content was altered"


def bring_back(
    store: Path, backup: Backup, lake: Path, folder: Path, load: Callable[[Path], None], show: Progress
) -> None:
    """Put a backup back where nothing lies yet, and check it. `load` reads the dump into an empty database."""
    for place in (lake, folder / "figures"):
        if place.exists() and any(place.iterdir()):
            raise YourCommand(f"{place} is not empty.", remedy="Move it away, or restore to another folder.")
    wrong = list(faults(store, backup))
    if wrong:
        raise LakeDamaged(
            f"The backup {backup.name} is damaged: {'; '.join(wrong[:5])}",
            remedy="Use an earlier one with --at.",
        )
    roots = {"lake": lake, "workspace": folder}
    for done, (name, (content, mode)) in enumerate(backup.files.items()):
        show("Putting back", done, len(backup.files))
        root, _, rest = name.partition("/")
        if root in roots:
            _put(_object(store / "objects", content), roots[root] / rest, mode)
    show("Putting back", len(backup.files), len(backup.files))
    load(_object(store / "objects", backup.files[DUMP][0]))
    open_lake(lake).check(deep=True)


def _of_lake(lake: Path) -> Iterator[tuple[str, Path]]:
    """Files of the lake: of its tables those that the ledger names now, so that a load under way is no part of it."""
    entries = sorted((lake / "ledger").glob("*.json"))
    tables = sorted(_named(lake))
    beside = [path for path in sorted(lake.rglob("*")) if _beside(path.relative_to(lake))]
    for path in (*entries, *tables, *beside):
        if path.is_file():
            yield f"lake/{path.relative_to(lake).as_posix()}", path


def _named(lake: Path) -> Iterator[Path]:
    """Every file of every state: data, and Delta's own log."""
    for entry in open_lake(lake).history():
        for table, change in entry.changes.items():
            folder = lake / "tables" / table
            yield from (folder / file.path for file in change.added)
            yield from (folder / "_delta_log" / f"{log.version:020d}.json" for log in change.log)


def _beside(inside: Path) -> bool:
    """What is neither ledger nor table: identity, releases, linkage; and nothing that is made again from them."""
    return inside.parts[0] not in ("ledger", "tables", "writer.lock") and not inside.parts[0].startswith(".")


def _states(files: dict[str, tuple[str, int]]) -> int:
    """How many states the ledger of a backup has: the number of the last."""
    return sum(name.startswith("lake/ledger/") for name in files)


def _of_workspace(folder: Path) -> Iterator[tuple[str, Path]]:
    """Released figures, packs, papers, and the secret by which sessions and second factors are read; the database has
    its dump."""
    kept = ("*.key", "demo-password", "figures/*/*", "packs/*/*", "papers/*/*")
    for path in sorted(path for pattern in kept for path in folder.glob(pattern)):
        unfinished = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not unfinished:
            yield f"workspace/{path.relative_to(folder).as_posix()}", path


def _keep(source: Path, objects: Path) -> str:
    """Copy a file under its sha256 unless it is there; its sha256."""
    with tempfile.NamedTemporaryFile(dir=objects, prefix=".new-", delete=False) as copy:
        digest = hashlib.sha256()
        with source.open("rb") as read:
            while piece := read.read(PIECE):
                digest.update(piece)
                copy.write(piece)
    kept, made = _object(objects, digest.hexdigest()), Path(copy.name)
    if kept.is_file() and kept.stat().st_size == made.stat().st_size:
        made.unlink()
        return digest.hexdigest()
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    fsync_all([made])
    made.rename(kept)
    fsync(kept.parent)
    return digest.hexdigest()


def _put(kept: Path, target: Path, mode: int) -> None:
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    shutil.copyfile(kept, target)
    target.chmod(mode)
    fsync_all([target, target.parent])


def _object(objects: Path, content: str) -> Path:
    return objects / content[:2] / content


def _sha256(path: Path) -> str:
    with path.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
