"""What follows what, as it may leave: steps with enough cases, the rest as one number each, and totals that hold.

A step, activity or variant with fewer cases than `least` is not named. What it counts stays in the totals, and is
said beside them: out of each activity, into each, and in all. So a hidden step cannot be told from one that never
happened, and the sums below hold for the reader too.

    events = cases + transitions;  transitions = shown steps + steps not shown
    times of an activity = cases that start with it + steps into it = steps out of it + cases that end with it
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import pyarrow as pa

from joinedup.disclosure import PROFILES, Profile, Relation, Released, release
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.rounding import SHARE_OF_ERROR, enough
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from joinedup.disclosure import Display
    from joinedup.journeys.event_logs import Discovery, Transition
    from joinedup.journeys.event_logs.discovery import Time
    from joinedup.journeys.event_logs.log import Unit

VERSION: Final = "1"
LEAST: Final = 10
"""Cases of a step that is named, unless another number is asked for."""
VARIANTS: Final = 20
BEYOND: Final = 0.1
"""Share of the times that lie beyond the 90th percentile: as many must stand there as behind a median."""
MINUTE, HOUR, DAY, WEEK = 60_000, 3_600_000, 86_400_000, 604_800_000
GRAINS: Final[Mapping[str, tuple[int, ...]]] = {
    "ms": (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, WEEK, 4 * WEEK),
    "day": (7, 28),
}
"""What a released time is rounded to: never finer than a minute, of days never finer than a week."""
TOTALS: Final = (
    "cases", "transitions", "steps not shown", "cases with rework", "other activities", "other starts", "other ends",
    "other variants", "left out",
)  # fmt: skip
OF_ACTIVITIES: Final = {
    "times": "activity", "cases": "cases with", "cases_repeating": "cases repeating", "out_of_not_shown": "out of",
}  # fmt: skip
Count = int | None
Key = tuple[str, str, str]
"""Part, from, to; "" where there is none."""
EVENTS: Final[Key] = ("events", "", "")


class Span(NamedTuple):
    """A time in units of the log, and the grain to which it is released."""

    value: float
    grain: int


@dataclass(frozen=True)
class Step:
    """A transition that is shown. None is hidden; a time leaves where enough stands behind it."""

    before: str
    after: str
    mean: Span | None
    median: Span | None
    ninetieth: Span | None


@dataclass(frozen=True)
class ProcessMap:
    """A discovered map: every count by its key in `held`, in the order of the table; times beside the steps."""

    held: Mapping[Key, Count]
    steps: tuple[Step, ...]
    activities: tuple[str, ...]
    variants: tuple[tuple[str, ...], ...]
    unit: Unit
    least: int
    about: Mapping[str, Any]
    display: Display | None = None

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The one column of counts."""
        return ("count",)

    def count(self, part: str, before: str = "", after: str = "") -> Count:
        """One count; None is hidden, or not there."""
        return self.held.get((part, before, after))

    @property
    def events(self) -> Count:
        """Cases and transitions together, from what is shown of them."""
        cases, transitions = self.count("cases"), self.count("transitions")
        return None if cases is None or transitions is None else cases + transitions

    def counts(self) -> pa.Table:
        """Every count: columns part, from, to, count."""
        columns = {
            name: pa.array([key[i] for key in self.held], pa.string())
            for i, name in enumerate(("part", "from", "to"))
        }
        return pa.table({**columns, "count": pa.array(list(self.held.values()), pa.int64())})

    def relations(self) -> tuple[Relation, ...]:
        """What a reader can add up."""
        at = {key: (i, "count") for i, key in enumerate(self.held)}
        return tuple(
            Relation(at[total], tuple(at[part] for part in parts), rest)
            for total, parts, rest in self._sums()
        )

    def _sums(self) -> Iterable[tuple[Key, list[Key], bool]]:
        of = self._keys
        everyone, all_steps = ("cases", "", ""), ("transitions", "", "")
        yield EVENTS, [everyone, all_steps], False
        yield EVENTS, [*of("activity"), ("other activities", "", "")], False
        yield all_steps, [*of("step"), ("steps not shown", "", "")], False
        for part, other in (("start", "other starts"), ("end", "other ends"), ("variant", "other variants")):
            yield everyone, [*of(part), (other, "", "")], False
        for name in self.activities:
            into = [key for part in ("start", "step", "into") for key in of(part) if key[2] == name]
            out = [key for part in ("end", "step", "out of") for key in of(part) if key[1] == name]
            total = ("activity", name, "")
            yield total, into, False
            yield total, out, False
            yield total, [("cases with", name, "")], True
            yield ("cases with", name, ""), [("cases repeating", name, "")], True
        for step in self.steps:
            yield ("step", step.before, step.after), [("cases taking", step.before, step.after)], True

    def _keys(self, part: str) -> list[Key]:
        return [key for key in self.held if key[0] == part]

    def with_counts(self, counts: pa.Table, display: Display) -> Self:
        """The same map from other counts; a time stays only where enough stands behind it, to its grain.

        Raises YourCommand where steps are named that the profile would hide: their names alone would tell of them.
        """
        rule = PROFILES.get(display.profile)
        if rule is not None and self.least < rule.hide_below:
            raise YourCommand(
                f"Under {rule.name} a map names nothing with fewer than {rule.hide_below} cases.",
                remedy=f"Make the map with least={rule.hide_below} or more.",
            )
        rows = counts.to_pylist()
        held = {(row["part"], row["from"], row["to"]): row["count"] for row in rows}
        steps = self.steps
        if display.base > 1:
            steps = tuple(
                _coarser(
                    step, held["step", step.before, step.after], held["cases taking", step.before, step.after]
                )
                for step in steps
            )
        return replace(self, held=held, steps=steps, display=display)

    def to_json(self) -> dict[str, Any]:
        """Plain values for programs; times in milliseconds or days, as `unit` says."""
        return {
            "about": dict(self.about),
            "least_cases": self.least,
            "unit": self.unit,
            "events": self.events,
            **{name.replace(" ", "_"): self.count(name) for name in TOTALS},
            "activities": [
                {
                    "activity": name,
                    **{key: self.count(part, name) for key, part in OF_ACTIVITIES.items()},
                    "into_not_shown": self.count("into", "", name),
                }
                for name in self.activities
            ],
            "starts": {key[2]: count for key, count in self.held.items() if key[0] == "start"},
            "ends": {key[1]: count for key, count in self.held.items() if key[0] == "end"},
            "steps": [self._step_json(step) for step in self.steps],
            "variants": [
                {"sequence": list(sequence), "cases": self.count("variant", str(i))}
                for i, sequence in enumerate(self.variants, 1)
            ],
        }

    def _step_json(self, step: Step) -> dict[str, Any]:
        ends = (step.before, step.after)
        times = {"mean": step.mean, "median": step.median, "ninetieth": step.ninetieth}
        return {
            "from": step.before, "to": step.after, "times": self.count("step", *ends), "cases": self.count("cases taking", *ends),
            **{name: None if span is None else span.value for name, span in times.items()},
        }  # fmt: skip

    def identity(self) -> dict[str, Any]:
        """What the figures are, for their codes."""
        return {
            "measure_id": "process_map", "version": VERSION, "snapshot": self.about.get("snapshot"),
            "filters": {**{k: v for k, v in self.about.items() if k != "snapshot"}, "least": self.least},
        }  # fmt: skip


def process_map(
    found: Discovery,
    *,
    about: Mapping[str, Any],
    least: int = LEAST,
    profile: str | Profile = "nhs-england",
    left_out: int = 0,
) -> ProcessMap:
    """The map of a discovery: steps, activities and variants of at least so many cases, by name; the rest added up.

    Whether there are so many is seen on the count as the profile shows it: maps with other thresholds tell no
    more of a count than its rounding does. `about` says what the log is (source, snapshot, filters): it goes
    into the codes of the numbers. `left_out` is how many rows or journeys the log lacks.
    """
    rule = profile_of(profile)

    def named(cases: int) -> bool:
        return cases >= rule.hide_below and rule.shown(cases) >= least

    activities = [a for a in found.activities if named(a.cases)]
    names = {a.name for a in activities}
    steps = [t for t in found.transitions if named(t.cases) and {t.before, t.after} <= names]
    sequences = [(s, n) for s, n in found.variants.most_common(VARIANTS) if named(n) and set(s) <= names]
    held: dict[Key, Count] = {
        ("cases", "", ""): found.cases,
        # Events are what cases and transitions make: a third rounded number would narrow both for nothing.
        EVENTS: None,
        ("transitions", "", ""): found.transitions_counted,
        ("cases with rework", "", ""): found.reworking,
        ("left out", "", ""): left_out,
    }
    for a in activities:
        held |= {
            ("activity", a.name, ""): a.times,
            ("cases with", a.name, ""): a.cases,
            ("cases repeating", a.name, ""): a.repeating,
        }
    held["other activities", "", ""] = found.events - sum(a.times for a in activities)
    held |= {("start", "", a.name): a.starting for a in activities if named(a.starting)}
    held |= {("end", a.name, ""): a.ending for a in activities if named(a.ending)}
    for t in steps:
        held |= {("step", t.before, t.after): t.times, ("cases taking", t.before, t.after): t.cases}
    held |= {("variant", str(i + 1), ""): cases for i, (_, cases) in enumerate(sequences)}
    _add_the_rest(held, found, [a.name for a in activities])
    return ProcessMap(
        held, tuple(_step(t, found.unit) for t in steps), tuple(a.name for a in activities),
        tuple(sequence for sequence, _ in sequences), found.unit, least, dict(about),
    )  # fmt: skip


def release_process(
    found: Discovery,
    *,
    about: Mapping[str, Any],
    least: int = LEAST,
    share: float = 0.0,
    profile: str | Profile = "nhs-england",
    left_out: int = 0,
) -> Released[ProcessMap]:
    """The released map of a discovery: it names steps that at least so many cases, and this share of them, take.

    No step that the profile would hide is named, whatever is asked. Raises UnknownName.
    """
    rule = profile_of(profile)
    # of the cases as they are shown: the threshold is told, and would give their number away
    fewest = max(least, math.ceil(share * rule.shown(found.cases)), rule.hide_below, 1)
    return release(process_map(found, about=about, least=fewest, profile=rule, left_out=left_out), rule)


def _add_the_rest(held: dict[Key, Count], found: Discovery, activities: list[str]) -> None:
    """What is left of every total once the parts that are named are taken away."""

    def total(part: str, at: int = 0, name: str = "") -> int:
        return sum(n or 0 for key, n in held.items() if key[0] == part and (not at or key[at] == name))

    held["steps not shown", "", ""] = found.transitions_counted - total("step")
    for part, other in (("start", "other starts"), ("end", "other ends"), ("variant", "other variants")):
        held[other, "", ""] = found.cases - total(part)
    for name in activities:
        times = held["activity", name, ""] or 0
        held["into", "", name] = times - total("start", 2, name) - total("step", 2, name)
        held["out of", name, ""] = times - total("end", 1, name) - total("step", 1, name)


def _step(found: Transition, unit: Unit) -> Step:
    spans = (_span(time, unit) for time in (found.mean, found.median, found.ninetieth))
    return Step(found.before, found.after, *spans)


def _span(time: Time, unit: Unit) -> Span:
    """The finest grain that is no finer than a fifth of the standard error."""
    wanted = time.error / SHARE_OF_ERROR
    grains = GRAINS[unit]
    return Span(time.value, next((grain for grain in grains if grain >= wanted), grains[-1]))


def _coarser(step: Step, times: Count, cases: Count) -> Step:
    beyond = None if times is None else times * BEYOND
    return replace(
        step, mean=_shown(step.mean, times, cases), median=_shown(step.median, times, cases),
        ninetieth=_shown(step.ninetieth, beyond, cases),
    )  # fmt: skip


def _shown(span: Span | None, events: float | None, cases: Count) -> Span | None:
    if span is None or not enough(events, cases):
        return None
    return Span(float(span.grain * round(span.value / span.grain)), span.grain)
