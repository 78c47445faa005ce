"""Released results to pictures: each with its finding as title, a sentence, a table, and three sizes of drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from joinedup.charts.cells import Figure, figures, only_released
from joinedup.charts.control import control
from joinedup.charts.funnels import funnel
from joinedup.charts.gap_figures import code_of_part, gap_registry
from joinedup.charts.gaps import gap_compared, gap_table, gap_waterfall
from joinedup.charts.groups import Lens, by_group
from joinedup.charts.icons import Icon, assurance_icon, variation_icon
from joinedup.charts.inequality_trend import gap_trend
from joinedup.charts.journey_map import JourneyMap, journey_map, journey_steps
from joinedup.charts.league import league
from joinedup.charts.picture import Picture, Table
from joinedup.charts.practice import practice
from joinedup.charts.process_map import ProcessMap, process_map, release_process
from joinedup.charts.process_picture import activity_table, process_steps, step_table, variant_table
from joinedup.charts.process_picture import sentence as process_sentence
from joinedup.charts.released_waits import (
    ReleasedWaits,
    WaitCurve,
    WaitEnds,
    release_curves,
    release_ends,
    release_waits,
)
from joinedup.charts.residents import Rate, per_thousand, rates_of
from joinedup.charts.spread_trend import spread_trend
from joinedup.charts.trends import trend
from joinedup.charts.waits import wait_curve, wait_ends
from joinedup.errors import UnknownName

KINDS: Mapping[str, Callable[..., Picture]] = MappingProxyType(
    {
        "by_group": by_group,
        "control": control,
        "funnel": funnel,
        "gap_compared": gap_compared,
        "gap_trend": gap_trend,
        "gap_waterfall": gap_waterfall,
        "journey_steps": journey_steps,
        "league": league,
        "practice": practice,
        "spread_trend": spread_trend,
        "process_steps": process_steps,
        "trend": trend,
    }
)


def chart(released: Any, kind: str, *choices: Any, **more: Any) -> Picture:
    """A chart of a released result, by the name of its kind; the choices are those of the function of that name.

    Raises YourCommand for a result that was not released, UnknownName for a kind we do not draw.
    """
    only_released(released)
    if kind not in KINDS:
        nearest = get_close_matches(kind, KINDS, n=1) or list(KINDS)
        raise UnknownName(f"There is no chart called '{kind}'.", remedy=f"Try {', '.join(nearest)}.")
    return KINDS[kind](released, *choices, **more)


__all__ = [
    "KINDS",
    "Figure",
    "Icon",
    "JourneyMap",
    "Lens",
    "Picture",
    "ProcessMap",
    "Rate",
    "ReleasedWaits",
    "Table",
    "WaitCurve",
    "WaitEnds",
    "activity_table",
    "assurance_icon",
    "by_group",
    "chart",
    "code_of_part",
    "control",
    "figures",
    "funnel",
    "gap_compared",
    "gap_registry",
    "gap_table",
    "gap_trend",
    "gap_waterfall",
    "journey_map",
    "journey_steps",
    "league",
    "per_thousand",
    "practice",
    "process_map",
    "process_sentence",
    "process_steps",
    "rates_of",
    "release_curves",
    "release_ends",
    "release_process",
    "release_waits",
    "spread_trend",
    "step_table",
    "trend",
    "variant_table",
    "variation_icon",
    "wait_curve",
    "wait_ends",
]
