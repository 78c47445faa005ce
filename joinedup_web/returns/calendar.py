"""What is due, received and late, by trust and month; and how the returns of a trust compare with its month before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from joinedup.definitions.timetable import Due, Timetable

if TYPE_CHECKING:
    from joinedup_web.returns.models import Received

LONDON = ZoneInfo("Europe/London")
SHOWN = 12
TABLES = 21
FEWEST = 5
"""Below this a count of rows is not shown (the release rule for counts, though rows are not people)."""
SAME = 0.1
"""Percentage points within which a share is about the same as a month before."""


@dataclass(frozen=True)
class Cell:
    """What became of one return that was due. `colour` repeats the words, and is never alone."""

    words: str
    colour: str
    more: str = ""


def months_to(ending: str, count: int = SHOWN) -> list[str]:
    """`count` months up to `ending` (2026-03), the latest first."""
    year, month = int(ending[:4]), int(ending[5:])
    total = year * 12 + month - 1
    return [f"{(total - back) // 12}-{(total - back) % 12 + 1:02d}" for back in range(count)]


def last_month(today: date) -> str:
    """The last month that is over."""
    return months_to(f"{today:%Y-%m}", 2)[1]


def due_cells(records: Sequence[Received], period: str, today: date) -> list[Cell]:
    """One cell for each window of a month, from what one trust sent for it."""
    timetable = Timetable.load("talking_therapies")
    if period < min((one.period for one in records), default="0"):
        return [Cell("Not expected", "grey", "before the first return here")] * len(timetable.windows)
    return [due_cell(due, _sent_for(records, due), today) for due in timetable.dues(period)]


def _sent_for(records: Iterable[Received], due: Due) -> list[Received]:
    """What was sent for a window. A return made outside both windows counts for the one before whose end it came."""
    mine = [one for one in records if one.period == due.period]
    fitting = [one for one in mine if one.kind == due.kind]
    stray = [one for one in mine if one.kind not in ("primary", "refresh")]
    return fitting or (stray if due.kind == "primary" and not any(o.kind == "primary" for o in mine) else [])


def due_cell(due: Due, sent: Sequence[Received], today: date) -> Cell:
    """One return that was or will be due, in words."""
    held = [one for one in sent if one.withdrawn_in is None]
    if sent and not held:
        return Cell("Withdrawn", "grey", "Send it again" if today <= due.late_after else "Nothing is held")
    if held:
        return _received(due, held)
    if today <= due.due:
        return Cell(
            f"Due {due.due:%-d %b}",
            "white",
            f"in {(due.due - today).days} days" if today < due.due else "today",
        )
    if today <= due.late_after:
        return Cell(f"Due since {due.due:%-d %b}", "yellow", f"late after {due.late_after:%-d %b}")
    return Cell("Late", "red", f"nothing received; was due {due.due:%-d %b}")


def _received(due: Due, held: Sequence[Received]) -> Cell:
    day = held[0].received.astimezone(LONDON).date()
    again = f"; sent {len(held)} times" if len(held) > 1 else ""
    if day <= due.late_after:
        return Cell(f"Received {day:%-d %b}", "green", f"in time{again}")
    late = (day - due.late_after).days
    return Cell(f"Received {day:%-d %b}", "orange", f"{late} day{'s' * (late > 1)} late{again}")


@dataclass(frozen=True)
class Quality:
    """How much of a month's return could be used, and the change since the month before, in words."""

    left_out: str
    change: str
    colour: str
    tables: str
    arrived: str


def held_of(records: Iterable[Received], period: str) -> Received | None:
    """The return of a month that is held: the last received that was not withdrawn."""
    held = [one for one in records if one.period == period and one.withdrawn_in is None]
    return held[-1] if held else None


def quality_cell(records: Sequence[Received], period: str) -> Quality | None:
    """Quality of one trust's month; None where nothing is held."""
    one = held_of(records, period)
    if one is None:
        return None
    before = held_of(records, months_to(period, 2)[1])
    change, colour = change_words(share_left_out(one), share_left_out(before) if before else None)
    first = (
        min(r.received for r in records if r.period == period and r.withdrawn_in is None)
        .astimezone(LONDON)
        .date()
    )
    end = date.fromisoformat(f"{months_to(_next(period), 1)[0]}-01")
    return Quality(
        left_out_words(one), change, colour, f"{one.tables_filled} of {TABLES} tables with rows",
        f"first came {(first - end).days + 1} days after the month",
    )  # fmt: skip


def _next(period: str) -> str:
    total = int(period[:4]) * 12 + int(period[5:])
    return f"{total // 12}-{total % 12 + 1:02d}"


def share_left_out(one: Received) -> float | None:
    """Per cent of the rows read that were left out, from counts rounded to 5; None where too few, or not counted."""
    if not one.rows_in:
        return None
    left = one.rows_in - one.rows_kept
    if 0 < left < FEWEST:
        return None
    return round(100 * _to_five(left) / max(_to_five(one.rows_in), FEWEST), 1)


def left_out_words(one: Received) -> str:
    """The share in words."""
    if one.rows_in is None:
        return "not counted"
    left = one.rows_in - one.rows_kept
    if left == 0:
        return "no row left out"
    share = share_left_out(one)
    return "fewer than 5 rows left out" if share is None else f"{share:.1f}% of rows left out"


def change_words(now: float | None, before: float | None) -> tuple[str, str]:
    """Better or worse since the month before, and the colour that repeats it."""
    if now is None or before is None:
        return "no comparison with the month before", "grey"
    if abs(now - before) <= SAME:
        return "about the same as the month before", "grey"
    word, colour = ("better", "green") if now < before else ("worse", "orange")
    return f"{word} than the month before ({before:.1f}%)", colour


def _to_five(count: int) -> int:
    return 5 * ((count + 2) // 5)
