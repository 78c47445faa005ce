"""The gap as a waterfall, and the journey as steps, both from a released gap attribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import only_released
from joinedup.charts.drawings import journey, waterfall
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import HIDDEN, capital, points, span, whole
from joinedup.definitions import Breakdown

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity import GapAttribution, GapBar

HOW = (
    "Start at the reference group at the top and walk down: orange bars are stages at which fewer people of the group "
    "go on, green ones at which more do. Grey ones are not losses: still open, able to recover or not, age and sex and "
    "deprivation (case mix), share between services. The thin lines are 95% limits of each part."
)
LEFT, BELOW = "did not go on", "below caseness, not a loss"
NOT_LOSSES = {
    "open": "still open", "scope": "able to recover", "case_mix": "case mix",
    "services": "share between services",
}  # fmt: skip


def gap_waterfall(released: Released[GapAttribution], *, slug: str, caption: str) -> Picture:
    """Waterfall of one gap. Raises YourCommand for what was not released; a hidden gap gives a table only."""
    only_released(released)
    gap = released.value
    answer = gap.to_json()
    rows = _steps(gap, answer)
    return Picture(
        slug=slug,
        title=gap.headline(),
        subtitle=f"{capital(gap.outcome.title)}, per 100 referred, {gap.group} beside {gap.reference}, {_when(gap)}",
        sentence=gap.sentence(),
        how_to_read=HOW,
        caption=caption,
        table=gap_table(gap, answer),
        draw=lambda size, width: waterfall(rows, size=size, width=width, title="Per 100 referred"),
        notes=tuple(gap.warnings),
    )


def _when(gap: GapAttribution) -> str:
    return f"referrals of {span(gap.period)}" if gap.period else ""


def _label(bar: GapBar) -> str:
    if bar.kind == "leak":
        return capital(bar.title)
    if bar.kind == "open":
        return f"{capital(bar.title)}: still open" if "open" not in bar.title else capital(bar.title)
    return capital(NOT_LOSSES.get(bar.kind, bar.title))


def _steps(gap: GapAttribution, answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Bars from the reference rate down to the group's, in per cent; parts below 0.05 are left to the table."""
    rates = answer["rates"]
    top, bottom = rates["reference"], rates["group"]
    if top is None or bottom is None or answer["gap"] is None:
        return []
    level = 100 * top
    rows = [_total(gap.reference, level)]
    for bar, part in zip(gap.bars, answer["stages"], strict=True):
        size = 100 * (part["contribution"] or 0.0)
        if abs(size) < 0.05:
            continue
        end = level + size
        low, high = (
            (level + 100 * part[name]) if part[name] is not None else end for name in ("lower", "upper")
        )
        kind = ("fewer" if size < 0 else "more") if bar.kind == "leak" else "not a loss"
        rows.append(
            {
                "label": _label(bar),
                "start": level,
                "end": end,
                "kind": kind,
                "text": points(size),
                "lower": low,
                "upper": high,
                "anchor": max(level, end, high),
            }
        )
        level = end
    return [*rows, _total(gap.group, 100 * bottom)]


def _total(name: str, value: float) -> dict[str, Any]:
    return {
        "label": name,
        "start": 0.0,
        "end": value,
        "kind": "total",
        "text": f"{value:.1f}",
        "lower": value,
        "upper": value,
        "anchor": value,
    }


def gap_table(gap: GapAttribution, answer: dict[str, Any]) -> Table:
    """The parts of a gap as a table: per 100 referred, limits, whether claimed, people."""
    header = ("Stage", "Per 100 referred", "95% limits", "Stands out", "Fewer recoveries", "Extra leavers")
    rows = [
        (
            _label(bar), _hundred(part["contribution"]), f"{_hundred(part['lower'])} to {_hundred(part['upper'])}",
            "yes" if part["claimed"] else "" if bar.kind == "leak" else "not a loss",
            whole(part["fewer_recoveries"]), whole(part["extra_leavers"]) if bar.kind == "leak" else "",
        )
        for bar, part in zip(gap.bars, answer["stages"], strict=True)
    ]  # fmt: skip
    whole_gap = (
        "The whole gap",
        _hundred(answer["gap"]),
        f"{_hundred(answer['lower'])} to {_hundred(answer['upper'])}",
        "",
        whole(answer["fewer_recoveries"]),
        "",
    )
    return Table(header, (*rows, whole_gap), frozenset({1, 4, 5}))


def _hundred(value: float | None) -> str:
    return HIDDEN if value is None else points(100 * value)


def journey_steps(
    released: Released[GapAttribution], *, slug: str, caption: str, group: bool = False
) -> Picture:
    """The steps of the journey of a gap's reference (or group): of 100 referred, how many go on, left, are still open."""
    only_released(released)
    gap = released.value
    chain = gap.chains[0 if group else 1]
    name = gap.group if group else gap.reference
    people = Breakdown.load(gap.by).people(name)
    steps = _journey_rows(chain)
    rows = [row for step in steps for row in step["bars"]]
    return Picture(
        slug=slug,
        title=_most_lost(steps),
        subtitle=f"{capital(people)}, {_when(gap)}, followed for {gap.follow_up or 12} months",
        sentence=_journey_sentence(steps, people, chain.referred),
        how_to_read="Each bar is everyone who reached the step, of 100: blue went on, orange did not; "
        "grey is still open or could not recover. Read down.",
        caption=caption,
        table=Table(
            ("Step", "Reached it", "Went on", "Still open", "Did not go on", "Went on, of 100"),
            tuple((s["title"], whole(s["reached"]), whole(s["passed"]), whole(s["open"]), whole(s["left"]), f"{s['share']:.0f}") for s in steps),
            frozenset({1, 2, 3, 4, 5}),
        ),
        draw=lambda size, width: journey(rows, size=size, width=width, title="Of every 100 who reach the step"),
    )  # fmt: skip


def _journey_rows(chain: Any) -> list[dict[str, Any]]:
    found, reached = [], chain.referred
    for stage, passed, still in zip(chain.stages, chain.passed, chain.open, strict=True):
        if not (reached > 0) or not (passed >= 0):
            break
        waiting = max(still if still >= 0 else 0.0, 0.0) if stage.splits or stage.kind == "open" else 0.0
        if stage.kind == "open":
            waiting = reached - passed
        left = max(reached - passed - waiting, 0.0)
        title = capital(stage.title)
        found.append(
            {
                "title": title, "reached": reached, "passed": passed, "open": waiting, "left": left, "kind": stage.kind,
                "share": 100 * passed / reached, "bars": _bars(title, reached, passed, waiting, left, stage.kind),
            }
        )  # fmt: skip
        reached = passed
    return found


def _bars(
    title: str, reached: float, passed: float, waiting: float, left: float, kind: str
) -> list[dict[str, Any]]:
    parts = [
        ("went on", passed),
        (LEFT if kind == "leak" else BELOW, left),
        ("still open", waiting),
    ]
    text = f"{passed:,.0f} of {reached:,.0f} went on"
    bars, start = [], 0.0
    for name, number in parts:
        end = start + 100 * number / reached
        bars.append(
            {
                "stage": title,
                "part": name,
                "start": start,
                "end": end,
                "text": text if name == "went on" else None,
            }
        )
        start = end
    return bars


def _most_lost(steps: Sequence[dict[str, Any]]) -> str:
    leaks = [step for step in steps if step["kind"] == "leak"]
    if not leaks:
        return "The journey cannot be shown"
    return f"The largest step down is at: {max(leaks, key=lambda step: step['left'])['title'].lower()}"


def _journey_sentence(steps: Sequence[dict[str, Any]], people: str, referred: float) -> str:
    if not steps:
        return "Too few people to show."
    last = steps[-1]
    return (
        f"Of {referred:,.0f} {people} who were referred, {steps[0]['passed']:,.0f} had a first treatment and "
        f"{last['passed']:,.0f} recovered reliably: {100 * last['passed'] / referred:.0f} of every 100."
    )
