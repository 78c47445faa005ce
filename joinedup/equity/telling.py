"""A gap as plain values and as plain English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from joinedup.definitions import Breakdown
from joinedup.equity.bars import NO_ONE_REACHED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from joinedup.equity.attribution import GapAttribution
    from joinedup.equity.bars import GapBar

PLACES = 3
"""Decimals of a released proportion: one decimal of a percentage."""
PLACE_COLUMNS = ("service", "borough")


def as_json(gap: GapAttribution) -> dict[str, Any]:
    """Figures of a gap. Released ones are rounded so that the parts still add up to the gap as printed."""
    rounded = gap.display is not None and not gap.display.exact
    whole, lower, upper = (_rounded(value, rounded) for value in gap.gap_limits)
    parts = _added_up([bar.contribution for bar in gap.bars], whole) if rounded else None
    shapley = _added_up([bar.shapley for bar in gap.bars], whole) if rounded else None
    stages = [_bar(gap, k, None if parts is None else parts[k]) for k in range(len(gap.bars))]
    return {
        "gap": whole,
        "lower": lower,
        "upper": upper,
        "stages": stages,
        "outcome": gap.outcome.name,
        "unit": "outcomes per referral, 0 to 1; group less reference",
        "basis": gap.basis,
        "by": gap.by,
        "group": gap.group,
        "reference": gap.reference,
        "referrals": _pair([_count(n) for n in gap.referrals]),
        "rates": {
            **_pair([_rate(gap, rate, n) for rate, n in zip(gap.rates, gap.referrals, strict=True)]),
            "reference_at_the_mix_of_the_group": _rate(gap, gap.standardised_rate, gap.referrals[1]),
        },
        "fewer_recoveries": _people(gap, whole),
        "shapley": [
            {
                "stage": bar.stage,
                "kind": bar.kind,
                "contribution": bar.shapley if shapley is None else shapley[k],
            }
            for k, bar in enumerate(gap.bars)
        ],
        "pass_rates": [_pass_rates(gap, bar) for bar in gap.bars if bar.group_rate is not None],
        **_around(gap, rounded),
        "headline": headline(gap),
        "sentence": sentence(gap),
        "warnings": list(gap.warnings),
    }


def _around(gap: GapAttribution, rounded: bool) -> dict[str, Any]:
    """What stands around the figures of a gap."""
    return {
        "period": gap.period,
        "follow_up_months": gap.follow_up,
        "still_open": _pair(
            [_rate(gap, share, n) for share, n in zip(gap.open_shares, gap.referrals, strict=True)]
        ),
        "standardised_on": list(gap.standardised_on),
        "not_stated_bound": None
        if gap.not_stated_bound is None
        else [_rounded(value, rounded) for value in gap.not_stated_bound],
        "referrals_per_1000_residents": _pair([_index(gap, value) for value in gap.per_thousand]),
        "official": official(gap),
        "rule": gap.rule,
        "snapshot": gap.snapshot,
        "filters": dict(gap.filters),
        "profile": gap.display.profile if gap.display else None,
    }


def _bar(gap: GapAttribution, k: int, part: float | None) -> dict[str, Any]:
    bar, rounded = gap.bars[k], gap.display is not None and not gap.display.exact
    contribution = part if rounded else bar.contribution
    return {
        "stage": bar.stage,
        "kind": bar.kind,
        "contribution": contribution,
        "lower": _outer(min, _rounded(bar.lower, rounded), contribution),
        "upper": _outer(max, _rounded(bar.upper, rounded), contribution),
        "claimed": bar.claimed,
        "fewer_recoveries": _people(gap, contribution),
        "extra_leavers": _unsigned_nought(round(bar.extra_leavers, 1))
        if rounded and bar.extra_leavers is not None
        else bar.extra_leavers,
        **({"note": bar.note} if bar.note else {}),
    }


def _pass_rates(gap: GapAttribution, bar: GapBar) -> dict[str, Any]:
    return {
        "stage": bar.stage,
        "kind": bar.kind,
        "group": _rate(gap, bar.group_rate, bar.reached or 0.0),
        "reference": _rate(gap, bar.reference_rate, bar.reference_reached or 0.0),
    }


def official(gap: GapAttribution) -> dict[str, Any] | None:
    """The official percentage of each group from the same counts; None for a cohort, which official
    measures are not.
    """
    if gap.basis == "cohort":
        return None
    found: dict[str, Any] = {"measure_id": gap.outcome.beside}
    for name, chain in zip(("group", "reference"), gap.chains, strict=True):
        names = [stage.name for stage in chain.stages]
        last = (
            "scope"
            if gap.outcome.in_scope
            else next(n for n in ("second_treatment", "finished") if n in names)
        )
        below, above = chain.passed[names.index(last)], chain.passed[-1]
        share = above / below if below and not math.isnan(above) else None
        found[name] = {
            "numerator": _count(above),
            "denominator": _count(below),
            "percentage": 100 * share
            if share is not None and gap.display is None
            else gap.display.percentage(None if share is None else 100 * share, below)
            if gap.display
            else None,
        }
    return found


def headline(gap: GapAttribution) -> str:
    """The finding in about ten words."""
    who = _who(gap, gap.group)
    difference, lower, upper = gap.gap_limits
    if difference is None or lower is None or upper is None:
        return f"Too few people to compare: {gap.group}"
    if lower <= 0 <= upper:
        return f"No evidence that {_lower_first(who)} {gap.outcome.verb} more or less often"
    often = "less often" if difference < 0 else "more often"
    where = f", most of all {gap.claims[0].opens}" if gap.claims and difference < 0 else ""
    return f"{who} {gap.outcome.verb} {often}{where}"


def sentence(gap: GapAttribution) -> str:
    """The gap with its limits, where it opens, how many people that is, and what is not known."""
    difference, lower, upper = gap.gap_limits
    rate_a, rate_b = gap.rates
    if difference is None or lower is None or upper is None or rate_a is None or rate_b is None:
        return f"Hidden to protect people: too few are recorded as {gap.group} or as {gap.reference}."
    compared = (
        f"Of every 100 referred, {100 * rate_a:.0f} {gap.outcome.verb}, against {100 * rate_b:.0f} "
        f"among {_lower_first(_who(gap, gap.reference))}"
    )
    if lower <= 0 <= upper:
        return f"{compared}: no evidence of a difference ({_signed(lower)} to {_signed(upper)})."
    low, high = sorted((abs(lower), abs(upper)))
    word = "fewer" if difference < 0 else "more"
    told = [f"{compared}: {_points(difference)} {word} ({_points(low)} to {_points(high)})."]
    told.append(_where(gap, difference))
    told.append(_how_many(gap, difference, word))
    return " ".join(part for part in told if part)


def _where(gap: GapAttribution, difference: float) -> str:
    if difference > 0:
        return ""
    named = [f"{_points(bar.contribution or 0.0)} {bar.opens}" for bar in gap.bars if bar.claimed]
    told = "No single step can be named with confidence."
    if named:
        first, *others = named
        told = f"About {_listed([first.replace(' ', ' of the gap opens ', 1), *others])}."
    other = [bar for bar in gap.bars if bar.kind == "scope" and (bar.contribution or 0.0) >= 0.0005]
    if other:
        told += f" {_points(other[0].contribution or 0.0)} goes the other way because more are in scope."
    still_open = sum(bar.contribution or 0.0 for bar in gap.bars if bar.kind == "open")
    if still_open <= -0.0005:
        told += f" {_points(still_open)} is because more are still open, who are not lost."
    if any(bar.note == NO_ONE_REACHED for bar in gap.bars):
        told += " No one reached the later steps."
    return told


def _how_many(gap: GapAttribution, difference: float, word: str) -> str:
    exact = abs(difference) * gap.referrals[0]
    step = 10 if exact >= 100 else 5
    people = step * round(exact / step)
    a_year = " a year" if gap.months == 12 else ""
    return f"For {round(gap.referrals[0]):,} referrals that is about {people:,} {word} people{a_year}."


def _who(gap: GapAttribution, group: str) -> str:
    if gap.by in PLACE_COLUMNS:
        return f"People referred to {group}"
    phrase = Breakdown.load(gap.by).people(group)
    return phrase[:1].upper() + phrase[1:]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _points(value: float) -> str:
    return f"{100 * abs(value):.1f}"


def _signed(value: float) -> str:
    return f"{_points(value)} {'fewer' if value < 0 else 'more'}"


def _pair(values: Sequence[Any]) -> dict[str, Any]:
    return {"group": values[0], "reference": values[1]}


def _count(value: float) -> int | None:
    return None if math.isnan(value) else round(value)


def _rate(gap: GapAttribution, rate: float | None, people: float) -> float | None:
    """A proportion, under a release with the decimals of its percentage."""
    if rate is None or gap.display is None:
        return rate
    shown = gap.display.percentage(100 * rate, None if math.isnan(people) else people)
    return None if shown is None else round(shown / 100, 2 + PLACES) if not gap.display.exact else rate


def _index(gap: GapAttribution, value: float | None) -> float | None:
    return gap.display.index(value) if gap.display else value


def _people(gap: GapAttribution, part: float | None) -> float | None:
    """Fewer recoveries: a part, as it is printed, times the group's referrals."""
    if part is None or math.isnan(gap.referrals[0]):
        return None
    people = -part * gap.referrals[0]
    return _unsigned_nought(people if gap.display is None or gap.display.exact else round(people, 1))


def _rounded(value: float | None, rounded: bool) -> float | None:
    return _unsigned_nought(round(value, PLACES)) if rounded and value is not None else value


def _unsigned_nought(value: float) -> float:
    return value + 0.0  # -0.0 becomes 0.0: nobody should wonder what it means


def _outer(
    outermost: Callable[[float, float], float], limit: float | None, part: float | None
) -> float | None:
    """A limit that holds its part, which may have been rounded the other way to make the parts add up."""
    return limit if limit is None or part is None else outermost(limit, part)


def _added_up(parts: Sequence[float | None], total: float | None) -> list[float | None]:
    """Parts rounded so that they add up to a rounded total: those cut the most are rounded up first."""
    if total is None or any(part is None for part in parts):
        return [None for _ in parts]
    units = [(part or 0.0) * 10**PLACES for part in parts]
    floors = [math.floor(unit) for unit in units]
    spare = round(total * 10**PLACES) - sum(floors)
    order = sorted(range(len(units)), key=lambda k: floors[k] - units[k])
    rounded_up = set(order[:spare]) if spare >= 0 else set()
    return [(floor + (k in rounded_up)) / 10**PLACES for k, floor in enumerate(floors)]
