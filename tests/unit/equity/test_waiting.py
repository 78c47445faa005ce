"""Waits from journeys: who waited, how long, and how it ended; people who still wait count."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pyarrow as pa
import pytest

from joinedup.charts import release_waits, wait_curve, wait_ends
from joinedup.definitions import Period
from joinedup.equity import waits
from joinedup.equity.waiting import OTHERWISE
from joinedup.errors import UnknownName, YourCommand
from tests.simulation.gap_simulator import BACKGROUND, Records, World, simulate

YEAR = Period.parse("2024-25")
REFERRED = dt.date(2024, 5, 1)
LAST = dt.date(2026, 3, 31)


def day(after: int | None) -> dt.date | None:
    return None if after is None else REFERRED + dt.timedelta(after)


def records(*rows: tuple[int | None, int | None, int | None, str | None, str]) -> Records:
    """Days from referral to first and second treatment and to the end, end code and ethnic code."""
    first, second, ended, code, ethnic = zip(*rows, strict=True)
    date = pa.date32()
    table = pa.table(
        {
            "ReferralRequestReceivedDate": pa.array([REFERRED] * len(rows), date),
            "TherapySession_FirstDate": pa.array([day(d) for d in first], date),
            "TherapySession_SecondDate": pa.array([day(d) for d in second], date),
            "ServDischDate": pa.array([day(d) for d in ended], date),
            "EndCode": pa.array(code, pa.string()),
            "EthnicCategory": pa.array(ethnic, pa.string()),
        }
    )
    return Records(table, first_day=dt.date(2024, 4, 1), last_day=LAST)


SIX = records(
    (10, 20, 200, "46", "A"),
    (10, None, 40, "14", "A"),
    (None, None, 30, "50", "A"),
    (None, None, 30, "10", "A"),
    (None, None, None, None, "A"),
    (None, None, 5, None, "A"),
)


def test_every_wait_ends_by_treatment_by_leaving_or_not_at_all() -> None:
    found = waits(SIX, period=YEAR)
    assert found.ends.ends == (
        "Began treatment", "Referred and not seen", "Seen and not taken on for treatment", OTHERWISE,
    )  # fmt: skip
    assert found.ends.events.sum(axis=0).tolist() == [2, 1, 1, 1]
    steps = dict(zip(found.curves.time.tolist(), found.curves.events.tolist(), strict=True))
    assert steps[10.0] == 2
    assert sum(steps.values()) == 2
    assert found.curves.at_risk[0] == 6


def test_the_wait_for_a_second_treatment_is_of_those_who_had_a_first() -> None:
    found = waits(SIX, "second_treatment", period=YEAR)
    assert found.ends.ends == ("Had a second treatment", OTHERWISE)
    assert found.ends.events.sum(axis=0).tolist() == [1, 1]
    assert found.curves.time[found.curves.events > 0].tolist() == [10.0]


def test_being_seen_on_the_day_of_the_end_is_being_seen_and_later_is_not() -> None:
    on_the_day = waits(records((7, None, 7, "46", "A")), period=YEAR)
    assert on_the_day.ends.events.sum(axis=0).tolist() == [1]
    after = waits(records((9, None, 7, "50", "A")), period=YEAR)
    assert after.ends.ends == ("Began treatment", "Referred and not seen")
    assert after.ends.events.sum(axis=0).tolist() == [0, 1]


def test_what_happens_after_the_last_day_of_the_returns_has_not_happened() -> None:
    beyond = (LAST - REFERRED).days + 1
    found = waits(records((beyond, None, None, None, "A"), (None, None, beyond, "50", "A")), period=YEAR)
    assert found.ends.events.sum() == 0
    assert found.curves.time.max() == (LAST - REFERRED).days


def test_only_the_groups_asked_for() -> None:
    two = records((10, None, 40, "46", "A"), (12, None, 40, "46", "H"), (5, None, 40, "46", "Z"))
    every = waits(two, period=YEAR, by="ethnic_group")
    assert set(every.curves.labels.tolist()) == {"Asian or Asian British", "White"}
    one = waits(two, period=YEAR, by="ethnic_group", groups=("White",))
    assert one.curves.labels.tolist() == ["White"]
    assert one.curves.at_risk[0] == 1


def test_no_wait_and_no_breakdown_say_so() -> None:
    with pytest.raises(YourCommand, match="No wait"):
        waits(SIX, period=Period.parse("2020-21"))
    with pytest.raises(UnknownName):
        waits(SIX, period=YEAR, by="shoe size")


@pytest.fixture(scope="module")
def many():
    made = simulate(World(BACKGROUND), 1_000, 3_000, np.random.default_rng(11))
    rng, n = np.random.default_rng(1), made.journeys.num_rows
    table = made.journeys
    begins = np.array(table["ReferralRequestReceivedDate"].to_pylist(), "datetime64[D]")
    treated = ~np.isnat(np.array(table["TherapySession_FirstDate"].to_pylist(), "datetime64[D]"))
    seen = np.where(treated, begins + rng.integers(1, 90, n), np.datetime64("NaT"))
    table = table.set_column(
        table.schema.get_field_index("TherapySession_FirstDate"), "TherapySession_FirstDate",
        pa.array(seen.astype(object), pa.date32()),
    )  # fmt: skip
    codes = pa.array(rng.choice(["50", "10", "46"], n))
    table = table.drop_columns("EndCode") if "EndCode" in table.column_names else table
    return Records(table.append_column("EndCode", codes), first_day=made.first_day, last_day=made.last_day)


def test_codes_open_what_a_picture_shows(many) -> None:
    shown = release_waits(waits(many, period=YEAR, by="ethnic_group"))
    picture = wait_curve(shown.curves, slug="w", caption="x", what="First treatment", people="People")
    ends = wait_ends(shown.ends[0], slug="e", caption="x", people="People")
    assert set(picture.table.codes) | set(ends.table.codes) <= set(shown.registry)
    entry = shown.registry[shown.curves[0].code]
    assert entry["measure_id"] == "wait_for_first_treatment"
    assert entry["counts"] == {"people": shown.curves[0].people}
    assert entry["figures"]["median"] == shown.curves[0].median
    assert len(set(shown.registry)) == len(shown.curves) + len(shown.ends)


def test_shares_of_all_ends_and_of_waiting_add_up(many) -> None:
    shown = release_waits(waits(many, period=YEAR)).ends[0]
    for k, still in enumerate(shown.still):
        assert math.fsum([still, *(share[k] for share in shown.shares)]) == pytest.approx(100, abs=0.2)
