"""A released process map as a picture: its finding, its sentence, its table with the totals, and its arcs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from joinedup.charts.cells import only_released
from joinedup.charts.drawings_processes import Arc, arcs
from joinedup.charts.picture import Picture, Table
from joinedup.charts.process_map import DAY, HOUR, MINUTE, WEEK, Key, ProcessMap, Span, Step
from joinedup.charts.words import HIDDEN, capital, percent, whole

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.journeys.event_logs.log import Unit

MOST_ACTIVITIES, MOST_STEPS = 12, 30
"""What a drawing holds; the table has everything."""
START, END = "Start", "Last event"
HOW: Final = (
    "Activities stand down the middle in the order in which they mostly happen. Blue arcs on the right go on, orange arcs on the left go "
    "back; the thicker, the more often. What stands at an arc is how often the step was taken, and the time that half of them took at most."
)


def process_steps(released: Released[ProcessMap], *, slug: str, caption: str, noun: str = "cases") -> Picture:
    """The map as arcs. Raises YourCommand for what was not released."""
    only_released(released)
    found = released.value
    drawn = _drawn(found)
    nodes = {START: f"{whole(found.count('cases'))} {noun}"}
    nodes |= {name: _below(found, name) for name in in_order(found, drawn)} | {END: ""}
    steps = _arcs(found, nodes)
    # an activity of which no step is drawn would stand apart
    nodes = {name: below for name, below in nodes.items() if any(name in arc[:2] for arc in steps)}
    return Picture(
        slug=slug,
        title=_finding(found, noun),
        subtitle=f"What follows what in {whole(found.count('cases'))} {noun} and {whole(found.events)} events",
        sentence=sentence(found, noun),
        how_to_read=HOW,
        caption=caption,
        table=step_table(released),
        draw=lambda size, width: arcs(nodes, steps, size=size, width=width, title="Times each step was taken"),
        notes=_notes(found, len(nodes) - 2, len(steps), noun),
    )  # fmt: skip


def _drawn(found: ProcessMap) -> list[str]:
    return [name for name in found.activities if found.count("activity", name) is not None][:MOST_ACTIVITIES]


def _below(found: ProcessMap, name: str) -> str:
    again = found.count("step", name, name)
    return f"{whole(found.count('activity', name))}" + (f", {again:,} repeats" if again else "")


def _arcs(found: ProcessMap, nodes: Mapping[str, str]) -> list[Arc]:
    medians = {(step.before, step.after): step.median for step in found.steps}
    steps = []
    for (part, before, after), times in found.held.items():
        ends = {"step": (before, after), "start": (START, after), "end": (before, END)}.get(part)
        if ends and times and ends[0] != ends[1] and set(ends) <= nodes.keys():
            span = medians.get((before, after))
            took = f", {lasting(span, found.unit)}" if span else ""
            steps.append(Arc(*ends, times, f"{times:,}{took}", f"{times:,}"))
    return sorted(steps, key=lambda arc: -arc.times)[:MOST_STEPS]


def in_order(found: ProcessMap, names: list[str]) -> list[str]:
    """Activities so that steps mostly go forwards (Eades, Lin and Smyth 1993), from released counts only."""
    flow: dict[tuple[str, str], int] = defaultdict(int)
    for (part, before, after), times in found.held.items():
        if part in ("start", "step", "end") and before != after:
            flow[before, after] += times or 0
    left, first, last = list(names), list[str](), list[str]()

    def ahead(name: str) -> int:
        # what comes from activities placed already no longer counts against it
        out = sum(flow[name, other] for other in left)
        into = sum(flow[other, name] for other in left)
        return out - into + (flow["", name] - flow[name, ""] if not first else 0)

    while left:
        sink = next((n for n in left if not any(flow[n, o] for o in left if o != n)), None)
        if sink is not None and any(flow[o, sink] for o in left if o != sink):
            last.insert(0, sink)
            left.remove(sink)
            continue
        best = max(left, key=ahead)
        first.append(best)
        left.remove(best)
    return first + last


def lasting(span: Span | None, unit: Unit) -> str:
    """A time in the unit a person would use."""
    if span is None:
        return HIDDEN
    length, grain = (part * (1 if unit == "ms" else DAY) for part in span)
    if length == 0 and grain > 0:
        return f"under {_told(grain)}".replace("1 ", "a " if grain != HOUR else "an ")
    return _told(length)


def _at_most(span: Span, unit: Unit) -> str:
    return lasting(span, unit).removeprefix("under ")


def _told(length: float) -> str:
    for size, name, least in ((WEEK, "week", WEEK), (DAY, "day", 2 * DAY), (HOUR, "hour", HOUR)):
        if length >= least and (size != WEEK or length % WEEK == 0 or length >= 8 * WEEK):
            return _number(length / size, name)
    return _number(length / MINUTE, "minute")


def _number(value: float, name: str) -> str:
    text = f"{value:,.1f}".removesuffix(".0")
    return f"{text} {name}" + ("" if text == "1" else "s")


def _finding(found: ProcessMap, noun: str) -> str:
    again, everyone = found.count("cases with rework"), found.count("cases")
    share = (
        found.display.percentage(100 * again / everyone, everyone)
        if found.display and again and everyone
        else None
    )
    if share is None:
        return f"What follows what in {whole(everyone)} {noun}"
    return f"{share:.0f} of every 100 {noun} do some activity more than once"


def sentence(found: ProcessMap, noun: str = "cases") -> str:
    """What the map says, and what it does not show."""
    known = [step for step in found.steps if found.count("step", step.before, step.after)]
    said = []
    if known:
        most = max(known, key=lambda step: found.count("step", step.before, step.after) or 0)
        took = f", half of them within {_at_most(most.median, found.unit)}" if most.median else ""
        said.append(
            f"The most frequent step leads from {most.before} to {most.after}: {whole(found.count('step', most.before, most.after))} times{took}."
        )
    if slow := [step for step in known if step.median]:
        slowest = max(slow, key=lambda step: step.median.value if step.median else 0.0)
        said.append(
            f"The slowest leads from {slowest.before} to {slowest.after}: half took {lasting(slowest.median, found.unit)} or more."
        )
    return " ".join([*said, _left_out(found, noun)])


def _left_out(found: ProcessMap, noun: str) -> str:
    rest, total = found.count("steps not shown"), found.count("transitions")
    if rest is None:
        return f"Steps taken in fewer than {found.least} {noun} are not shown."
    share = (
        f" ({percent(found.display.percentage(100 * rest / total, total))})"
        if found.display and total
        else ""
    )
    return (
        f"{whole(rest)} of {whole(total)} transitions{share} are in steps taken in fewer than {found.least} {noun}, "
        "which are not shown; the totals hold them."
    )


def _notes(found: ProcessMap, activities: int, steps: int, noun: str) -> tuple[str, ...]:
    notes = []
    hidden = found.count("other activities")
    if hidden:
        notes.append(
            f"{whole(hidden)} events are of activities met in fewer than {found.least} {noun}; they are not named."
        )
    if activities < len(found.activities) or steps >= MOST_STEPS:
        notes.append(
            f"Drawn are the {activities} most frequent activities and {steps} steps; the table has all that may be shown."
        )
    return tuple(notes)


def step_table(released: Released[ProcessMap]) -> Table:
    """Every step that is shown, then what is not, then the sum of both."""
    found, codes = released.value, _codes(released)
    header = ("From", "To", "Times", "Cases", "Mean time", "Median time", "9 in 10 within")
    rows: list[tuple[str, ...]] = []
    own = []
    for (part, before, after), times in found.held.items():
        if part == "start":
            rows.append((START, after, whole(times), whole(times), "", "", ""))
            own.append(codes.get((part, before, after), ""))
    for step in found.steps:
        rows.append(_row(found, step))
        own.append(codes.get(("step", step.before, step.after), ""))
    for (part, before, after), times in found.held.items():
        if part == "end":
            rows.append((before, END, whole(times), whole(times), "", "", ""))
            own.append(codes.get((part, before, after), ""))
    for words, part in (("Steps not shown", "steps not shown"), ("All transitions", "transitions")):
        rows.append((words, "", whole(found.count(part)), "", "", "", ""))
        own.append(codes.get((part, "", ""), ""))
    return Table(header, tuple(rows), frozenset({2, 3}), tuple(own))


def _row(found: ProcessMap, step: Step) -> tuple[str, ...]:
    ends = (step.before, step.after)
    counts = (whole(found.count("step", *ends)), whole(found.count("cases taking", *ends)))
    spans = (lasting(span, found.unit) for span in (step.mean, step.median, step.ninetieth))
    return (*ends, *counts, *spans)


def variant_table(released: Released[ProcessMap]) -> Table:
    """The commonest sequences, then all others as one number."""
    found, codes = released.value, _codes(released)
    rows = [
        (", ".join(sequence), whole(found.count("variant", str(i))))
        for i, sequence in enumerate(found.variants, 1)
    ]
    own = [codes.get(("variant", str(i), ""), "") for i in range(1, len(rows) + 1)]
    rows.append(("All other sequences", whole(found.count("other variants"))))
    return Table(
        ("Sequence", "Cases"), tuple(rows), frozenset({1}), (*own, codes.get(("other variants", "", ""), ""))
    )


def activity_table(released: Released[ProcessMap]) -> Table:
    """What each activity does: how often, in how many cases, and in how many of them again."""
    found, codes = released.value, _codes(released)
    header = ("Activity", "Times", "Cases", "Cases that repeat it")
    parts = ("activity", "cases with", "cases repeating")
    rows = [(capital(name), *(whole(found.count(part, name)) for part in parts)) for name in found.activities]
    rows.append(("Activities not shown", whole(found.count("other activities")), "", ""))
    own = [codes.get(("activity", name, ""), "") for name in found.activities]
    return Table(
        header, tuple(rows), frozenset({1, 2, 3}), (*own, codes.get(("other activities", "", ""), ""))
    )


def _codes(released: Released[ProcessMap]) -> Mapping[Key, str]:
    return {
        (entry["cell"]["part"], entry["cell"]["from"], entry["cell"]["to"]): code
        for code, entry in released.registry.items()
    }
