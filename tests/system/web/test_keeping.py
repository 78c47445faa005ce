"""Backup, wipe, restore, compare: what comes back is what was there, and damage is named."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from joinedup.errors import LakeDamaged, YourCommand
from joinedup.lake import open_lake
from joinedup_web.config.keeping import back_up, backups, bring_back, faults, read_backup
from joinedup_web.config.keeping_database import dump, load, reached
from joinedup_web.config.postgres import OWNER, Postgres
from tests.system.web.conftest import Served

PEOPLE = "SELECT email, password FROM organisations_person ORDER BY email"
SEALS = "SELECT place_id, seal FROM organisations_auditlink ORDER BY id"


def silent(step: str, done: int, total: int) -> None:
    """No progress."""


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("writer.lock", "_last_checkpoint", ".writing")
    }


@pytest.fixture(scope="module")
def lake(web_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("keeping") / "lake"
    shutil.copytree(web_lake, copied, ignore=shutil.ignore_patterns(".clustered", ".spill-*"))
    return copied


@pytest.fixture(scope="module")
def store(workspace: Served, lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("store")
    with reached(workspace.folder, "") as address:  # while it is served
        back_up(lake, workspace.folder, lambda file: dump(address, file), made, silent)
    return made


@pytest.fixture
def empty() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="joinedup-restored-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def restore(store: Path, folder: Path) -> None:
    with reached(folder, "") as address:
        bring_back(
            store, read_backup(store), folder / "lake", folder, lambda file: load(address, file), silent
        )


def test_what_was_there_comes_back(store: Path, lake: Path, empty: Path, workspace: Served) -> None:
    restore(store, empty)
    assert contents(empty / "lake") == contents(lake)
    assert contents(empty / "figures") == contents(workspace.folder / "figures")
    assert (empty / "secret.key").stat().st_mode & 0o777 == 0o600
    own = Postgres(empty / "database")
    own.start()
    try:
        with psycopg.connect(own.url("joinedup_keeper")) as here:
            people, seals = here.execute(PEOPLE).fetchall(), here.execute(SEALS).fetchall()
        with psycopg.connect(own.url(OWNER)) as as_owner:  # row security came back too: no setting, no rows
            assert as_owner.execute("SELECT count(*) FROM organisations_roleheld").fetchone() == (0,)
    finally:
        own.stop()
    with reached(workspace.folder, "") as address, psycopg.connect(address) as there:
        assert people == there.execute(PEOPLE).fetchall() and len(people) >= 10
        assert seals == there.execute(SEALS).fetchall()
    with pytest.raises(YourCommand, match="not empty"):
        restore(store, empty)


def test_a_second_backup_keeps_every_content_once(store: Path, lake: Path, workspace: Served) -> None:
    before = contents(store / "objects")
    with reached(workspace.folder, "") as address:
        made = back_up(lake, workspace.folder, lambda file: dump(address, file), store, silent)
    assert made.snapshot == open_lake(lake).snapshot.number  # type: ignore[union-attr]
    assert len(contents(store / "objects")) - len(before) <= 1  # the dump, which names its own moment
    assert len(backups(store)) == 2 and not list(faults(store, made))


def test_damage_is_named_and_nothing_is_written(store: Path, empty: Path, tmp_path: Path) -> None:
    torn = tmp_path / "store"
    shutil.copytree(store, torn)
    name, (content, _) = next(
        item for item in read_backup(torn).files.items() if item[0].endswith(".parquet")
    )
    kept = torn / "objects" / content[:2] / content
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert [fault for fault in faults(torn, read_backup(torn)) if name in fault]
    with pytest.raises(LakeDamaged, match="altered"):
        restore(torn, empty)
    assert not (empty / "lake").exists()
    kept.unlink()
    with pytest.raises(LakeDamaged, match="missing"):
        restore(torn, empty)


def test_a_load_that_is_not_final_is_no_part_of_it(store: Path, lake: Path) -> None:
    stray = next((lake / "tables").rglob("*.parquet")).with_name("part-of-a-load-under-way.parquet")
    stray.write_bytes(b"half")
    made = back_up(lake, lake.parent / "nowhere", lambda file: file.write_bytes(b"x") and None, store, silent)
    stray.unlink()
    assert not [name for name in made.files if "under-way" in name]


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(YourCommand, match="no backup"):
        read_backup(tmp_path)
