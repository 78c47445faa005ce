"""What was done in one place, done in another: with a predicted line, and judged after twelve points."""

from __future__ import annotations

from django.db import transaction

from joinedup.errors import YourCommand
from joinedup.improvement.movements import level_of
from joinedup_web.improvement.actions import Declared, declare_plan, write_initiative
from joinedup_web.improvement.judging import latest
from joinedup_web.improvement.models import Initiative, Plan
from joinedup_web.improvement.released import PublishedHeld, State, name_of
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

POINTS = 12
"""Months after the start after which a replication is judged, and before it of which the prediction is made."""
BORNE_OUT = ("worked", "partly")


@transaction.atomic
def start_replication(
    *, by: Scope, place: Place, of: Initiative, at: str, start: str, population: str, state: State | None
) -> Plan:  # fmt: skip
    """Make an initiative that does in another place what worked in the first, with its plan: the same measures, the
    effect that was seen (smallest of what was hoped and found), beside all places where it is not done.

    Raises YourCommand where the first has no verdict that it worked, or the place has no figures to predict from.
    """
    source = _borne_out(of)
    if at in source.places:
        raise YourCommand("It is done there already.", remedy="Choose another place.")
    effects = {one: _effect(of, source, one) for one in source.measures}
    made = write_initiative(
        by=by, place=place, workstream=of.workstream, title=f"{of.title[:150]}: {name_of(at)}", what=of.what,
        source=of.source, replicates=of,
    )  # fmt: skip
    others = tuple(code for code in _places(source, state) if code != at and code not in source.places)
    return declare_plan(by=by, initiative=made, plan=Declared(
        measures=tuple(source.measures), population=population, level=source.level, places=(at,), comparison=others,
        own_trend=not others, start=start, expected=max(min(effects.values()), source.worthwhile or 0.0),
        worthwhile=source.worthwhile, judged_after=POINTS,
        predicted={one: predicted(source.level, one, at, effect, start, state) for one, effect in effects.items()},
    ))  # fmt: skip


def _borne_out(of: Initiative) -> Plan:
    plan = of.plans.order_by("-version").first()
    judged = [latest(of, one) for one in plan.measures] if plan is not None else []
    if plan is None or not judged or any(one is None or one.verdict not in BORNE_OUT for one in judged):
        raise YourCommand(
            "Nothing shows yet that it worked where it was done first.",
            remedy="Wait for its verdict; until then, enter an initiative of its own.",
        )
    return plan


def _effect(of: Initiative, plan: Plan, measure: str) -> float:
    """The effect that was seen, as a share above 0; never more than was hoped for: what stands out is lucky too."""
    found = latest(of, measure)
    seen = abs(found.effect or 0.0) / 100 if found is not None else 0.0
    return min(seen, plan.expected or seen)


def _places(plan: Plan, state: State | None) -> tuple[str, ...]:
    counts = PublishedHeld(state).monthly(plan.measures[0], level=plan.level) if state is not None else None
    return tuple(dict.fromkeys(counts.place)) if counts is not None else ()


def predicted(level: str, measure: str, at: str, effect: float, start: str, state: State | None) -> float:
    """What the measure is to be there: the last twelve released months before the start, and the effect."""
    counts = PublishedHeld(state).monthly(measure, level=level) if state is not None else None
    months = sorted({month for month in counts.month if month < start}) if counts is not None else []
    before = level_of(counts, (at,), months[-POINTS:]) if counts is not None and months else None
    if counts is None or before is None or not before.known:
        raise YourCommand(
            f"No figures of {name_of(at)} before {start} are released to predict from.",
            remedy="Choose a later start.",
        )
    return round(before.value + (effect if counts.better == "higher" else -effect), 4)
