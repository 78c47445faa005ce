"""Journeys derived part by part against journeys derived in one piece, on random histories: every row in its place."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.journeys.division import MADE, by_person, derive_part, in_order
from joinedup.journeys.tables import LINKED, READ
from joinedup.lake import Change, Lake, create_lake
from joinedup.linkage.arriving import LINKS
from tests.eighths import examples
from tests.property.test_journeys import PATHWAY, arrow, histories

KNOWN = datetime(2025, 1, 10, tzinfo=UTC)
DERIVE = partial(derive_part, pathway=PATHWAY.id)


def lake_of(folder: Path, returns: dict[str, pa.Table], links: Mapping[str, str] | None = None) -> Lake:
    lake = create_lake(folder, purpose="demo", key_fingerprint="0" * 16)
    changes = [
        Change(f"returns/{name}", rows, partition_by=("provider", "period")) for name, rows in returns.items()
    ]
    if links:
        changes.append(Change("links", links_of(links)))
    lake.commit(changes, kind="load", known_at=KNOWN)
    return lake


def random_returns(seed: int, people: int) -> dict[str, pa.Table]:
    """Worlds in which a referral moves between persons, a contact between referrals, a local identifier too."""
    worlds = histories(seed, people)
    together: dict[str, list[dict[str, Any]]] = {
        table: [row for world in worlds for row in world[table]] for table in worlds[0]
    }
    return arrow(together)


def random_links(seed: int, people: int) -> dict[str, str]:
    """Every third person of a world stands for another of it."""
    source = random.Random(seed)
    return {
        f"p{number}.{world}": f"p1.{world}"
        for world in range(people)
        for number in (2, 3)
        if source.random() < 1 / 3
    }


def links_of(links: Mapping[str, str]) -> pa.Table:
    rows = [{"person_id": own, "joined_id": other, "rule": "drawn"} for own, other in links.items()]
    return pa.Table.from_pylist(rows, schema=LINKS)


@settings(max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), people=st.integers(1, 60), parts=st.integers(2, 9))
def test_part_by_part_is_as_in_one_piece(seed: int, people: int, parts: int) -> None:
    returns = random_returns(seed, people)
    links = random_links(seed, people)
    whole = derive_part({**returns, "links": links_of(links)}, pathway=PATHWAY.id)
    with tempfile.TemporaryDirectory() as folder:
        lake = lake_of(Path(folder) / "lake", returns, links)
        divided = in_order(lake.map_partitions(DERIVE, by_person(PATHWAY), MADE, parts=parts))
    for name in MADE:
        assert getattr(divided, name).equals(whole[name]), name


def test_every_table_that_is_read_is_divided() -> None:
    division = by_person(PATHWAY)
    assert set(division.tables) == set(READ) - {"IDS000"} | {LINKED}
    assert set(division.reads) == {f"returns__{name}" for name in READ if name != "IDS000"} | {LINKED}
