"""Ages in completed years and dates out of text, against plain Python."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.intake.ages import ages_on, dates_of

DAYS = st.one_of(st.none(), st.dates(date(1850, 1, 1), date(2100, 12, 31)))


def plain_age(born: date | None, on: date | None) -> int | None:
    if born is None or on is None:
        return None
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return age if 0 <= age <= 150 else None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS), max_size=20))
def test_ages_are_those_of_the_plain_rule(pairs: list[tuple[date | None, date | None]]) -> None:
    born, on = (pa.array([pair[i] for pair in pairs], pa.date32()) for i in (0, 1))
    assert ages_on(born, on).to_pylist() == [plain_age(*pair) for pair in pairs]


def test_a_leap_day_completes_its_year_on_the_first_of_march() -> None:
    born = pa.array([date(2000, 2, 29)] * 3)
    on = pa.array([date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 29)])
    assert ages_on(born, on).to_pylist() == [22, 23, 24]


TEXT = st.one_of(
    st.none(),
    st.dates().map(date.isoformat),
    st.sampled_from(
        ["2024-02-30", "31/02/2024", "20240401", "2024-W14-1", "", " 2024-04-01", "2024-4-1", "0000-01-01"]
    ),
    st.text(max_size=10),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXT, max_size=20), st.lists(TEXT, max_size=5))
def test_dates_are_read_strictly(one: list[str | None], other: list[str | None]) -> None:
    def plain(text: str | None) -> date | None:
        try:
            found = date.fromisoformat(text or "")
        except ValueError:
            return None
        return found if text == found.isoformat() else None

    assert dates_of(pa.chunked_array([one, other], pa.string())).to_pylist() == [
        plain(t) for t in one + other
    ]
