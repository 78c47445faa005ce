"""The audit's chain: whole as written, and any change by anyone is named, even by one who may do everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.system.web.conftest import Served


@pytest.fixture
def keeper(django_here: Any, workspace: Served) -> Iterator[psycopg.Connection[Any]]:
    """PostgreSQL's superuser, whom nothing stops; what it changes is taken back."""
    passwords = json.loads((workspace.folder / "database.passwords.json").read_text())
    address = workspace.owner.replace("joinedup_owner", "joinedup_keeper")
    address = address.replace(passwords["joinedup_owner"], passwords["joinedup_keeper"])
    with psycopg.connect(address) as connection:
        yield connection
        connection.rollback()


def faults(connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from joinedup_web.organisations import chain

    monkeypatch.setattr(chain, "connection", connection)
    return [fault for one in chain.verify() for fault in one.faults]


def test_it_is_whole_as_written(keeper: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    (links,) = keeper.execute("SELECT count(*) FROM organisations_auditlink").fetchone() or (0,)
    assert links >= 10 and faults(keeper, monkeypatch) == []


FIRST = "(SELECT min(pgh_id) FROM organisations_roleheldevent)"
LAST = "(SELECT max(pgh_id) FROM organisations_roleheldevent)"
LINK = "(SELECT min(id) FROM organisations_auditlink)"
TAMPERED = {
    f"UPDATE organisations_roleheldevent SET reason = 'another' WHERE pgh_id = {FIRST}": "altered or removed",
    f"DELETE FROM organisations_roleheldevent WHERE pgh_id = {LAST}": "altered or removed",
    f"UPDATE organisations_auditlink SET entry = replace(entry, 'demo', 'omed') WHERE id = {LINK}": "was altered",
    "DELETE FROM organisations_auditlink WHERE previous = '' AND place_id = 'RKL'": "does not follow",
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_a_change_by_a_superuser_is_named(
    statement: str, keeper: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.execute(
        "SET session_replication_role = replica"
    )  # no trigger runs: the change leaves no trace of its own
    changed = keeper.execute(statement)  # type: ignore[arg-type]
    assert changed.rowcount == 1
    assert any(TAMPERED[statement] in fault for fault in faults(keeper, monkeypatch))
