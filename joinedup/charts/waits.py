"""How long people wait, and how their waits end: curves of what was released, with people who still wait counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joinedup.charts.drawings_waits import ends_of_waits, still_waiting
from joinedup.charts.picture import Picture, Table
from joinedup.charts.released_waits import WaitCurve, WaitEnds
from joinedup.charts.words import HIDDEN, interval, listed, percent, whole
from joinedup.disclosure.rounding import largest_remainder
from joinedup.errors import YourCommand

MOST = 4
ASKED = (6, 12, 18, 26)
STILL = "Still waiting"
HOW = (
    "Lines step down as people are seen: where a line crosses the dotted one, half have been. Whoever still waits, or left, counts for as long "
    "as they waited, as though they would have gone on like the rest. Lines end where too few are followed."
)
HOW_ENDS = (
    "Read upwards at any week: of every 100 people, so many had ended their wait in each way, and the white rest still waited. One way "
    "takes people from the others, so none may be read alone."
)


def wait_curve(
    curves: Sequence[WaitCurve],
    *,
    slug: str,
    caption: str,
    what: str,
    people: str,
    since: str = "referral",
    standard: int | None = None,
) -> Picture:
    """Kaplan-Meier curves of up to four groups. Raises YourCommand for what was not released, and for more groups.

    `what` was waited for ("First treatment") from `since`, by `people` ("People referred April 2024 to March
    2025"); `standard` is a week to mark. Hidden groups stand in the table.
    """
    _released(curves, WaitCurve, "release_curves")
    shown = [curve for curve in curves if curve.weeks]
    rows = [row for curve in shown for row in _rows(curve)]
    last = max((curve.weeks[-1] for curve in shown), default=0)
    asked = sorted({week for week in (*ASKED, standard) if week is not None and week <= last})
    return Picture(
        slug=slug,
        title=_finding(shown, what),
        subtitle=f"{people}: of every 100, how many still wait, by weeks since {since}",
        sentence=_sentence(shown, standard, asked),
        how_to_read=HOW + _marked(standard),
        caption=caption,
        table=_table(curves, asked),
        draw=lambda size, width: still_waiting(
            rows, size=size, width=width, title=f"{what}: still waiting, %", order=[curve.label for curve in shown],
            standard=standard, bands=len(shown) <= 2,
        ),
    )  # fmt: skip


def wait_ends(
    found: WaitEnds, *, slug: str, caption: str, people: str, standard: int | None = None
) -> Picture:
    """How the waits of one group ended, stacked. Raises YourCommand for what was not released."""
    _released([found], WaitEnds, "release_ends")
    if len(found.ends) > MOST:
        raise YourCommand(f"More than {MOST} ends cannot be told apart.", remedy="Name fewer ends.")
    at = _end_of(found, standard)
    parts = _parts(found, at) if found.weeks else {}
    rows = _stack(found) if found.weeks else []
    return Picture(
        slug=slug,
        title=_ends_finding(parts, at),
        subtitle=f"{people}: how waits ended, by weeks since referral",
        sentence=_ends_sentence(found, parts, at),
        how_to_read=HOW_ENDS + _marked(standard),
        caption=caption,
        table=_ends_table(found),
        draw=lambda size, width: ends_of_waits(
            rows, size=size, width=width, title="Of every 100 people", order=list(parts) or [STILL], standard=standard,
        ),
    )  # fmt: skip


def _released(given: Sequence[Any], kind: type, made_by: str) -> None:
    if not all(isinstance(one, kind) for one in given):
        raise YourCommand("Only released curves can be shown.", remedy=f"Call {made_by}(curves) first.")
    if len(given) > MOST:
        raise YourCommand(
            f"More than {MOST} curves cannot be told apart.", remedy="Draw them a few at a time."
        )


def _marked(standard: int | None) -> str:
    return f" The dashed line is the standard, {standard} weeks." if standard is not None else ""


def _rows(curve: WaitCurve) -> list[dict[str, Any]]:
    told = zip(
        (0, *curve.weeks), (100.0, *curve.waiting), (100.0, *curve.lower), (100.0, *curve.upper), strict=True
    )
    return [
        {"series": curve.label, "week": w, "waiting": v, "lower": low, "upper": high}
        for w, v, low, high in told
    ]


def _finding(shown: Sequence[WaitCurve], what: str) -> str:
    if not shown:
        return f"{what}: too few people to show a curve"
    medians = sorted({curve.median for curve in shown if curve.median is not None})
    if len([curve for curve in shown if curve.median is not None]) < len(shown):
        return (
            f"{what}: not half were seen in the weeks shown"
            if not medians
            else f"{what}: not half in every group were seen"
        )
    if len(medians) == 1:
        where = "" if len(shown) == 1 else " in every group"
        return f"{what}: half wait {medians[0]} weeks or less{where}"
    return f"{what}: half wait {medians[0]} to {medians[-1]} weeks, by group"


def _sentence(shown: Sequence[WaitCurve], standard: int | None, asked: Sequence[int]) -> str:
    if not shown:
        return "Hidden to protect people: fewer than 10 had an end to their wait, or fewer than 20 waited."
    common = min(
        curve.weeks[-1] for curve in shown
    )  # a week that every curve reaches, so that none goes unsaid
    reached = [week for week in asked if week <= common]
    week = standard if standard in reached else reached[-1] if reached else common
    at = [curve.at(week) or (100.0,) * 3 for curve in shown]
    told = [f"{percent(share)} ({interval(lower, upper)})" for share, lower, upper in at]
    if len(shown) > 1:
        told = [f"{curve.label} {text}" for curve, text in zip(shown, told, strict=True)]
    return f"Still waiting after {week} weeks: {listed(told)}. It does not say why, nor how urgent their need was."


def _table(curves: Sequence[WaitCurve], asked: Sequence[int]) -> Table:
    header = (
        "Group",
        "People",
        "Half waited (weeks)",
        *(f"Still waiting after {week} weeks" for week in asked),
    )
    rows = tuple(
        (
            curve.label, whole(curve.people), _median(curve),
            *(_at(curve, week) for week in asked),
        )
        for curve in curves
    )  # fmt: skip
    codes = tuple(curve.code for curve in curves if curve.code)
    return Table(header, rows, frozenset(range(1, len(header))), codes)


def _median(curve: WaitCurve) -> str:
    if not curve.weeks:
        return HIDDEN
    return f"{curve.median}" if curve.median is not None else f"more than {curve.weeks[-1]}"


def _at(curve: WaitCurve, week: int) -> str:
    found = curve.at(week)
    if found is None:
        return HIDDEN if not curve.weeks else "too few followed"
    return f"{percent(found[0])} ({interval(found[1], found[2])})"


def _end_of(found: WaitEnds, standard: int | None) -> int:
    """The week of which the title speaks: the standard where the curve reaches it, or its last."""
    last = found.weeks[-1] if found.weeks else 0
    return standard if standard is not None and standard <= last else last


def _parts(found: WaitEnds, week: int) -> dict[str, int]:
    """People of every 100 by how their wait had ended by a week, adding up to 100."""
    past = [k for k, step in enumerate(found.weeks) if step <= week]
    values = [
        *(share[past[-1]] if past else 0.0 for share in found.shares),
        found.still[past[-1]] if past else 100.0,
    ]
    return {
        name: int(part) for name, part in zip((*found.ends, STILL), largest_remainder(values), strict=True)
    }


def _stack(found: WaitEnds) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    base = [0.0] * (len(found.weeks) + 1)
    for name, shares in zip((*found.ends, STILL), (*found.shares, found.still), strict=True):
        first = 100.0 if name == STILL else 0.0
        for k, (week, share) in enumerate(zip((0, *found.weeks), (first, *shares), strict=True)):
            rows.append({"series": name, "week": week, "start": base[k], "end": min(base[k] + share, 100.0)})
            base[k] = min(base[k] + share, 100.0)
    return rows


def _ends_finding(parts: dict[str, int], week: int) -> str:
    if not parts:
        return "How waits ended: too few people to show"
    first, *others = [name for name in parts if name != STILL]
    away = sum(parts[name] for name in others)
    lost = f", {away} ended otherwise" if others else ""
    return f"{week} weeks on: {parts[first]} in 100 {_small(first)}{lost}"


def _small(end: str) -> str:
    return end[:1].lower() + end[1:]


def _ends_sentence(found: WaitEnds, parts: dict[str, int], week: int) -> str:
    if not parts:
        return "Hidden to protect people: fewer than 10 had an end to their wait, or fewer than 20 waited."
    told = listed([f"{value} {_small(name)}" for name, value in parts.items()])
    return f"Of every 100 people, after {week} weeks: {told}. {whole(found.people)} people; it does not say why they left."


def _ends_table(found: WaitEnds) -> Table:
    last = found.weeks[-1] if found.weeks else 0
    asked = sorted({week for week in (*ASKED, last) if 0 < week <= last})
    columns = [_parts(found, week) for week in asked]
    names = (*found.ends, STILL) if found.weeks else ()
    rows = tuple((name, *(percent(column[name]) for column in columns)) for name in names) or ((HIDDEN,),)
    return Table(
        ("How the wait ended", *(f"After {week} weeks" for week in asked)),
        rows,
        frozenset(range(1, len(asked) + 1)),
        (found.code,) * len(rows) if found.code else (),
    )
