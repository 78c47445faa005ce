"""Funnels of PHEindicatormethods and FunnelPlotR. Their plotting grids and label texts live here."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from joinedup.stats.funnel import Z_95, Z_998, Verdict, funnel_centre, funnel_limits, funnel_verdict
from joinedup.stats.funnel_counts import (
    FEWEST_STANDARDISED,
    expected_on_lines,
    population_behind,
    rate_verdict,
    ratio_verdict,
)
from joinedup.stats.groups import groups_of
from joinedup.stats.overdispersion import (
    Overdispersion,
    Scale,
    overdispersed_funnel,
    overdispersed_limits,
    unadjusted_limits,
)
from tests.oracles.agreeing import Answer, Method
from tests.oracles.cases import Case, Row, number

NOT_APPLICABLE = "Not applicable for events less than 10 for dsrs"
SCALES: dict[tuple[str, str], Scale] = {
    ("SR", "SHMI"): "log",
    ("SR", "CQC"): "root",
    ("PR", ""): "arcsine",
    ("RC", ""): "log_counts",
}
FUNNELPLOTR_Z = (1.959964, 3.090232)


def _column(case: Case, name: str) -> np.ndarray:
    return np.array(case.column(name))


def _population(case: Case) -> np.ndarray:
    """The population behind the rates, where events and a rate are given."""
    return population_behind(
        _column(case, "numerator"),
        _column(case, "rate"),
        multiplier=number(case.params["multiplier"]),
        population=_column(case, "denominator"),
        standardised=case.params["rate_type"] == "dsr",
    )


def _significance(case: Case) -> Answer:
    count = _column(case, "numerator")
    if case.params["statistic"] == "proportion":
        found = funnel_verdict(count, _column(case, "denominator"))
    elif case.params["statistic"] == "ratio":
        found = ratio_verdict(count, _column(case, "denominator"))
    else:
        fewest = FEWEST_STANDARDISED if case.params["rate_type"] == "dsr" else 0
        found = rate_verdict(count, _population(case), fewest=fewest)
    texts = np.where(found == str(Verdict.TOO_FEW), NOT_APPLICABLE, found)
    return [{"significance": str(text), **row} for text, row in zip(texts, _echo(case), strict=True)]


def _echo(case: Case) -> Answer:
    return [{name: number(row[name]) for name in row if name not in ("case_id", "row")} for row in case.rows]


def _points(case: Case) -> Answer:
    years = number(case.params["years_of_data"])
    few = (case.params["rate_type"] == "dsr") & (_column(case, "numerator") < FEWEST_STANDARDISED)
    derived = np.where(few, math.nan, _population(case) / years)
    chart = np.where(few, math.nan, _column(case, "rate"))
    return [
        {**row, "rate_chart": float(rate), "denominator_derived": float(people)}
        for row, rate, people in zip(_echo(case), chart, derived, strict=True)
    ]


def _limits(case: Case) -> Answer:
    multiplier = number(case.params["multiplier"])
    count = _column(case, "numerator")
    if case.params["statistic"] == "proportion":
        size = _column(case, "denominator")
        return _proportion_lines(_grid(size), float(funnel_centre(count, size)[0]), multiplier)
    if case.params["statistic"] == "ratio":
        return _ratio_lines(_grid(_column(case, "denominator"), 100), case.params["ratio_type"])
    population, years = _population(case), number(case.params["years_of_data"])
    centre = float(funnel_centre(count, population)[0])
    low, high = (end * years for end in _ends(population / years))
    return _rate_lines(_even(math.floor(low * centre), math.ceil(high * centre)), centre, multiplier, years)


def _proportion_lines(grid: np.ndarray, centre: float, multiplier: float) -> Answer:
    (low, high), (lowest, highest) = (funnel_limits(centre, grid, z) for z in (Z_95, Z_998))
    lines = {
        "lower_2s_limit": low,
        "upper_2s_limit": high,
        "lower_3s_limit": lowest,
        "upper_3s_limit": highest,
    }
    return [
        {
            "Population": size,
            "baseline": centre * multiplier,
            **{k: v[i] * multiplier for k, v in lines.items()},
        }
        for i, size in enumerate(grid)
    ]


def _lines(grid: np.ndarray) -> dict[str, np.ndarray]:
    (low, high), (lowest, highest) = (expected_on_lines(grid, c) for c in (0.95, 0.998))
    return {"lower_2s": low, "upper_2s": high, "lower_3s": lowest, "upper_3s": highest}


def _ratio_lines(grid: np.ndarray, kind: str) -> Answer:
    """Ratios as percentages, or as counts: how far above the expected."""
    return [
        {
            "Observed_events": events,
            **{f"{name}_exp_events": line[i] for name, line in _lines(grid).items()},
            **{
                f"{name}_limit": 100 * events / line[i] if kind == "isr" else events / line[i] - 1
                for name, line in _lines(grid).items()
            },
        }
        for i, events in enumerate(grid)
    ]


def _rate_lines(grid: np.ndarray, centre: float, multiplier: float, years: float) -> Answer:
    return [
        {
            "Events": events,
            "baseline": centre * multiplier,
            **{f"{name}_population_1_year": line[i] / centre / years for name, line in _lines(grid).items()},
            **{
                f"{name}_limit": events / line[i] * centre * multiplier for name, line in _lines(grid).items()
            },
        }
        for i, events in enumerate(grid)
    ]


def _grid(size: np.ndarray, steps: int = 99) -> np.ndarray:
    """Where the peer draws: 100 whole sizes, evenly on a log scale between two neat ends."""
    return _even(*_ends(size), steps)


def _ends(size: np.ndarray) -> tuple[float, float]:
    low, high = float(np.nanmin(size)), float(np.nanmax(size))
    return 0.0 if high > 2 * low else _neat(low * 0.95, math.floor, 1), _neat(high * 1.05, math.ceil, 2)


def _even(low: float, high: float, steps: int = 99) -> np.ndarray:
    grid = [max(1.0, low)]
    for left in range(steps, steps - 99, -1):
        even = float(np.round((high / grid[-1]) ** (1 / left) * grid[-1]))
        grid.append(max(even, grid[-1] + 1))
    return np.array(grid)


def _neat(value: float, rounded: Callable[[float], int], fewer: int) -> float:
    scale = 10.0 ** (len(str(rounded(value))) - fewer)
    return float(rounded(value / scale) * scale)


def _overdispersed(case: Case) -> Answer:
    kind, at = case.params["data_type"], case.params["limit"]
    scale = SCALES[kind, case.params["sr_method"] if kind == "SR" else ""]
    units = groups_of(case.texts("group"), len(case.rows))
    count, exact_size = (units.total(case.column(name)) for name in ("numerator", "denominator"))
    # the peer's z-scores and lines take expected counts to two decimals, its ratios do not
    size = np.round(exact_size, 2) if scale == "log" else exact_size
    found = overdispersed_funnel(
        count, size, scale=scale, share=number(case.params["trim_by"]), lines="funnelplotr", z=FUNNELPLOTR_Z
    )
    spread, asked = found.spread, case.params["draw_adjusted"] == "true"
    # asked for both sets of lines the peer calls them adjusted even where there was nothing to adjust
    adjusted = asked and (bool(found.adjusted[0]) or case.params["draw_unadjusted"] == "true")
    multiplier = number(case.params["multiplier"])
    drawn = _drawn(spread, size, scale, multiplier, float(spread.tau2[0]) if adjusted else 0.0)
    low, high = (f"OD{at}LCL", f"OD{at}UCL") if adjusted else (f"LCL{at}", f"UCL{at}")
    ratio = count / exact_size
    outside = (ratio * multiplier < drawn[low]) | (ratio * multiplier > drawn[high])
    columns = {
        "numerator": count,
        "denominator": size,
        "rr": ratio,
        "target_transformed": spread.scaled_target,
        "Y": spread.scaled,
        # what the peer shows for ratios of counts is the s of its lines, not that of its z-scores
        "s": 0.5 / np.sqrt(size) if kind == "RC" else spread.error,
        "Uzscore": spread.z,
        "Wuzscore": spread.z_used,
        "truncated" if scale == "log" else "winsorised": np.where(np.isnan(spread.z), np.nan, spread.trimmed),
        "outlier": np.where(np.isnan(ratio), np.nan, outside),
        **drawn,
    }
    whole = {
        "phi": float(spread.phi[0]) if asked else 0.0,
        "tau2": float(spread.tau2[0]) if asked else 0.0,
        "adjusted_used": adjusted,
        "truncated" if scale != "log" else "winsorised": "",
    }
    return [
        {"group": str(label), **{name: float(column[i]) for name, column in columns.items()}, **whole}
        for i, label in enumerate(units.labels)
    ]


def _drawn(
    spread: Overdispersion, size: np.ndarray, scale: Scale, multiplier: float, tau2: float
) -> dict[str, np.ndarray]:
    """Both sets of lines."""
    drawn = {}
    for z, confidence, name in zip(FUNNELPLOTR_Z, (0.95, 0.998), ("95", "99"), strict=True):
        shared = {"scale": scale, "z": z, "lines": "funnelplotr"}
        plain = unadjusted_limits(spread.target, size, confidence=confidence, **shared)
        wide = overdispersed_limits(spread.target, size, tau2=tau2, **shared)
        for side, line, widened in zip(("LCL", "UCL"), plain, wide, strict=True):
            drawn[f"{side}{name}"] = line * multiplier
            drawn[f"OD{name}{side}"] = widened * multiplier
    return drawn


def _bisected(case: Case, column: str, row: Row) -> tuple[float, float]:
    """The peer finds its lines by bisection to 1e-7 of a transformed scale: coarse beside the 0.001 events
    expected of a unit with one event.
    """
    return (1e-4 if "1" in (row["Observed_events"], row["Events"]) else 1e-5), 1e-12


PHE = "PHEindicatormethods 2.1.0"
LABELS = {"statistic": "echo of a parameter", "method": "name of the method"}
METHODS = {
    "phe_funnel_significance": Method(PHE, _significance),
    "phe_funnel_points": Method(PHE, _points),
    "phe_funnel_limits": Method(PHE, _limits, tolerance=_bisected, ignored=LABELS),
    "funnel_od": Method("FunnelPlotR 0.6.0", _overdispersed, keys=("group",)),
}
