"""NHSRplotthedots (XmR) and qicharts2 (all other control charts, run charts)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from joinedup.stats.rebasing import rebase_rows
from joinedup.stats.run_charts import run_chart
from joinedup.stats.shewhart import (
    ControlChart,
    c_chart,
    g_chart,
    i_chart,
    i_prime_chart,
    mr_chart,
    p_chart,
    p_prime_chart,
    t_chart,
    u_chart,
    u_prime_chart,
)
from joinedup.stats.xmr import XmrChart, xmr_chart
from tests.oracles.agreeing import Answer, Method
from tests.oracles.cases import Case

BETTER = {"increase": "higher", "decrease": "lower", "neutral": "neither"}


def _by_facet(text: str, facets: list[str]) -> dict[str, str]:
    """ "A=1;C=2" as a mapping; a text without facets is for all of them."""
    if "=" in text:
        return dict(part.split("=") for part in text.split(";"))
    return dict.fromkeys(facets, text) if text else {}


def _xmr(case: Case) -> tuple[XmrChart, list[str]]:
    params = case.params
    facets = [facet or "no facet" for facet in case.texts("f")]
    when = case.texts("x")
    targets = _by_facet(params["target"], facets)
    rebases = [
        (date, facet)
        for facet, dates in _by_facet(params["rebase"], facets).items()
        for date in dates.split(",")
    ]
    at, of = zip(*rebases, strict=True) if rebases else ((), ())
    return xmr_chart(
        [text or None for text in case.texts("y")],
        facets,
        when=when,
        rebase=rebase_rows(when, at, facets, of, must_exist=False) if rebases else None,
        baseline=int(params["fix_after_n_points"]) if params["fix_after_n_points"] else None,
        screen=params["screen_outliers"] == "true",
        target=[float(targets.get(facet) or math.nan) for facet in facets],
        better=BETTER.get(params["improvement_direction"], params["improvement_direction"]),
        flat_limits=False,
    ), facets  # fmt: skip


def _unless(missing: bool, value: Any) -> Any:
    return None if missing else value


def spc_rows(case: Case) -> Answer:
    chart, facets = _xmr(case)
    target = _by_facet(case.params["target"], facets)
    rows, first = [], _first_number(case)
    for i, (x, y) in enumerate(zip(case.texts("x"), case.texts("y"), strict=True)):
        gone = y == "" or bool(np.isnan(chart.upper[i]))
        # The peer calls a missing point common cause.
        cause = "Common Cause" if y == "" else str(chart.cause[i])
        rows.append(
            {
                "f": facets[i], "x": x, "y": y,
                "rebase_group": chart.stretches.number[chart.stretch[i]] + first[facets[i]],
                "mean_col": chart.mean[i], "lpl": chart.lower[i], "upl": chart.upper[i],
                "outside_limits": _unless(gone, bool(chart.outside[i])),
                "relative_to_mean": _unless(y == "", chart.side[i]),
                "close_to_limits": _unless(gone, bool(chart.near[i])), "special_cause_type": cause,
                "special_cause_flag": cause != "Common Cause",
                "point_type": "common_cause" if y == "" else str(chart.kind[i]),
                "short_group_warning": bool(chart.stretches.short[chart.stretch[i]]), "target": target.get(facets[i]),
            }
        )  # fmt: skip
    return rows


def spc_summary(case: Case) -> Answer:
    chart, _ = _xmr(case)
    stretches = chart.stretches
    place = {label: i for i, label in enumerate(chart.groups)}
    latest = {label: i for i, label in enumerate(stretches.group)}
    first = _first_number(case)
    return [
        {
            "f": label, "rebase_group": stretches.number[i] + first[label],
            "mean_col": stretches.mean[i], "lpl": stretches.lower[i],
            "upl": stretches.upper[i], "n": stretches.points[i] + stretches.missing[i],
            "common_cause": stretches.kinds[i][0] + stretches.missing[i],
            "special_cause_improvement": stretches.kinds[i][1], "special_cause_concern": stretches.kinds[i][2],
            "variation_type": str(stretches.variation[i]),
            # The peer gives assurance beside the last stretch only.
            "assurance_type": _assured(case, str(chart.assurance[place[label]])) if latest[label] == i else "",
        }
        for i, label in enumerate(stretches.group)
    ]  # fmt: skip


def _assured(case: Case, ours: str) -> str:
    """To the peer a facet without a target, while others have one, is inconsistent."""
    directed = case.params["improvement_direction"] != "neutral"
    return ours or ("inconsistent" if "=" in case.params["target"] and directed else "")


def _first_number(case: Case) -> dict[str, int]:
    """The peer counts rebases from 1 where the first row is rebased, which starts no other stretch."""
    facets = [facet or "no facet" for facet in case.texts("f")]
    dates = _by_facet(case.params["rebase"], facets)
    earliest = {f: min(x for x, of in zip(case.texts("x"), facets, strict=True) if of == f) for f in facets}
    return {facet: int(x in dates.get(facet, "").split(",")) for facet, x in earliest.items()}


WITH_DENOMINATOR: dict[str, Callable[..., ControlChart]] = {
    "p": p_chart, "pp": p_prime_chart, "u": u_chart, "up": u_prime_chart, "ip": i_prime_chart
}  # fmt: skip
WITHOUT: dict[str, Callable[..., ControlChart]] = {
    "i": i_chart, "mr": mr_chart, "c": c_chart, "g": g_chart, "t": t_chart
}  # fmt: skip
SCREENED = {"pp", "up", "ip", "i", "t"}


def _chart(case: Case, parts: list[int], freeze: int | None) -> ControlChart:
    chart, options = case.params["chart"], {"multiplier": float(case.params["multiply"])}
    if chart in SCREENED:
        options["screen"] = case.params["screen_moving_ranges"] == "true"
    if chart in WITHOUT:
        return WITHOUT[chart](case.column("y"), parts, baseline=freeze, **options)
    return WITH_DENOMINATOR[chart](case.column("y"), case.column("n"), parts, baseline=freeze, **options)


def qic_rows(case: Case) -> Answer:
    params, y = case.params, case.column("y")
    freeze = int(params["freeze"]) if params["freeze"] else None
    ends = [int(part) for part in params["part"].split(";") if part]
    parts = [1 + sum(i >= end for end in ends) for i in range(len(y))]
    rule = params["method"]
    nothing = np.full(len(y), np.nan)
    if params["chart"] == "run":
        multiplied = np.array(y) * float(params["multiply"])
        runs = run_chart(multiplied, parts, baseline=freeze)
        centre = runs.centre[np.array(parts) - 1]
        lines = dict.fromkeys(("lcl", "ucl", "lcl.95", "ucl.95"), nothing) | {"y": multiplied, "cl": centre}
        signal = run_chart(multiplied, parts, baseline=freeze, rule=rule).signal
        outside = np.zeros(len(y), bool)
    else:
        chart = _chart(case, parts, freeze)
        if params["chart"] == "ip" and freeze:
            # The peer freezes the centre of this chart only, not the spread.
            thawed = _chart(case, parts, None)
            width = (thawed.upper - thawed.centre) / 3
            moved = [chart.centre + by * width for by in (-3, 3, -2, 2)]
            chart = ControlChart(chart.outside, chart.value, chart.centre, *moved)
        lines = {
            "y": chart.value, "cl": chart.centre, "lcl": chart.lower, "ucl": chart.upper,
            "lcl.95": chart.lower_warning, "ucl.95": chart.upper_warning,
        }  # fmt: skip
        runs = run_chart(chart.value, parts, centre=chart.centre)
        # The peer runs no runs analysis of moving ranges but counts their runs.
        signal, outside = runs.signal & (params["chart"] != "mr"), chart.outside
    return [
        {column: float(values[i]) for column, values in lines.items()}
        | {
            "x": i + 1, "n": case.rows[i]["n"] or None, "part": part, "sigma.signal": bool(outside[i]),
            "n.obs": runs.points[part - 1], "n.useful": runs.useful[part - 1],
            "longest.run": float(runs.longest_run[part - 1]),
            "longest.run.max": float(runs.longest_run_limit[part - 1]),
            "n.crossings": float(runs.crossings[part - 1]), "n.crossings.min": float(runs.crossings_limit[part - 1]),
            "runs.signal": bool(signal[part - 1]),
        }
        for i, part in enumerate(parts)
    ]  # fmt: skip


METHODS = {
    "spc_xmr": Method(
        "NHSRplotthedots 0.2.2",
        spc_rows,
        keys=("f", "x"),
        summary=spc_summary,
        summary_keys=("f", "rebase_group"),
    ),
    "qic_chart": Method("qicharts2 0.8.1", qic_rows),
}
