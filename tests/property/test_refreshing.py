"""Journeys brought up to date after every submission against journeys derived at once: every row, and the record."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.journeys import build_journeys, clustered_record, kept_record, load_journeys
from joinedup.journeys.division import MADE
from joinedup.lake import Lake, create_lake
from tests.eighths import examples
from tests.property.submission_histories import Submissions, counted, derived_whole, pathways

DONE: Counter[str] = Counter()


def as_rebuilt(lake: Lake, submissions: Submissions, what: str) -> None:
    """Hold what is stored against what is derived of everything."""
    whole, record = derived_whole(submissions)
    found = load_journeys(lake)
    for name in MADE:
        stored, wanted = counted(getattr(found, name)), counted(getattr(whole, name))
        assert stored == wanted, f"{name} after {what}: {stored - wanted} and not {wanted - stored}"
    journeys = found.journeys
    kept = clustered_record(lake)
    assert not kept.damaged()
    said = {}
    for month in kept.months:
        own = [row["pathway_id"] for row in journeys.to_pylist() if row["referral_month"] == month]
        said |= pathways(kept.part(month), kept.columns, own)
    assert said == record, what


def run_history(seed: int, people: int, steps: int) -> None:
    submissions = Submissions(random.Random(seed), people)
    with tempfile.TemporaryDirectory() as folder:
        lake = create_lake(Path(folder) / "lake", purpose="demo", key_fingerprint="0" * 16)
        submissions.begin(lake)
        build_journeys(lake)
        for _ in range(steps):
            what = submissions.step(lake)
            build_journeys(lake)
            notes = lake.history()[-1].notes
            DONE[notes["done"]] += 1
            assert notes["done"] == "refreshed", notes
            as_rebuilt(lake, submissions, f"{what} ({notes})")


@pytest.fixture(autouse=True)
def refreshes_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are touched; and without waiting for the disk, and never deriving the record anew."""
    from joinedup.journeys import building
    from joinedup.lake import committing

    monkeypatch.setattr(building, "LARGEST_SHARE", 9.0)
    monkeypatch.setattr(committing, "fsync_all", lambda paths: None)
    monkeypatch.setattr(building, "keep", _once_per_lake)


def _once_per_lake(lake: Path, record: object, made: object) -> object:
    assert not (lake / ".clustered").exists(), "the record was made anew instead of being brought up to date"
    return kept_record.keep(lake, record, made)  # type: ignore[arg-type]


SOME = settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@SOME
@given(seed=st.integers(0, 2**32), people=st.integers(1, 12))
def test_refresh_after_every_step_is_as_rebuilt(seed: int, people: int) -> None:
    run_history(seed, people, 3)


@pytest.mark.full
@settings(SOME, max_examples=60)
@given(seed=st.integers(0, 2**32), people=st.integers(1, 20))
def test_refresh_over_long_histories_is_as_rebuilt(seed: int, people: int) -> None:
    run_history(seed, people, 12)
