"""PHEindicatormethods: proportions, rates, means, standardisation, quantiles, life expectancy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from joinedup.errors import YourCommand
from joinedup.stats.life_expectancy import life_expectancy
from joinedup.stats.means_of_groups import means_of_groups
from joinedup.stats.quantiles import assigned_quantiles
from joinedup.stats.rates import crude_proportions, crude_rates
from joinedup.stats.standardisation import (
    directly_standardised_rates,
    indirectly_standardised_rates,
    indirectly_standardised_ratios,
)
from tests.oracles.agreeing import Answer, Method
from tests.oracles.cases import Case, number

PEER = "PHEindicatormethods 2.1.0"
ECHO = {
    "confidence": "repeats the parameter",
    "statistic": "a caption made from the parameters",
}
ONE_METHOD = ECHO | {"method": "the same text in every row"}
METHODS_NAMED = {"exact": "Exact", "byar": "Byars", "": ""}


def levels(case: Case) -> list[float]:
    """Confidence asked, as shares of 1; none for NA. 0.9 to 1 and 90 to 100 are the peer's limits, not ours."""
    if case.params["confidence"] == "NA":
        return []
    asked = [float(part) for part in case.params["confidence"].split(";")]
    if not all(0.9 <= level <= 1 or 90 <= level <= 100 for level in asked):
        raise YourCommand("The peer's confidence is 0.9 to 1, or 90 to 100.")
    return [level / 100 if level > 1 else level for level in asked]


def with_limits(case: Case, call: Callable[[float], Any], columns: Mapping[str, str]) -> Answer:
    """Rows of our columns under the peer's names, and its columns of limits for one confidence or for two."""
    asked = levels(case)
    found = [call(level) for level in asked or [0.95]]
    table = {theirs: np.asarray(getattr(found[0], ours)).tolist() for theirs, ours in columns.items()}
    for level, result in zip(asked, found, strict=bool(asked)):
        end = {0.95: "95_0cl", 0.998: "99_8cl"}[level] if len(asked) == 2 else "cl"
        table |= {f"lower{end}": result.lower.tolist(), f"upper{end}": result.upper.tolist()}
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def groups(case: Case) -> list[str] | None:
    return case.texts("grp") if case.grouped else None


def groups_unless_one(case: Case) -> list[str] | None:
    """The peer leaves the rows of a single group unsummed."""
    found = groups(case)
    return found if found and len(set(found)) > 1 else None


def crude(call: Callable[..., Any], columns: Mapping[str, str], per: str) -> Callable[[Case], Answer]:
    def answer(case: Case) -> Answer:
        labels = groups_unless_one(case)
        named = dict(columns) | ({"grp": "groups"} if labels else {})
        rows = with_limits(
            case,
            lambda level: call(
                case.column("x"), case.column("n"), labels, per=float(case.params[per]), confidence=level
            ),
            named,
        )
        return [row | {"method": METHODS_NAMED.get(row.get("method", ""))} for row in rows]

    return answer


def mean(case: Case) -> Answer:
    names = {
        "grp": "groups",
        "value_sum": "total",
        "value_count": "number",
        "stdev": "deviation",
        "value": "value",
    }
    return keyed(
        case,
        with_limits(
            case, lambda level: means_of_groups(case.column("x"), groups(case), confidence=level), names
        ),
    )


def keyed(case: Case, rows: Answer) -> Answer:
    """Ungrouped data is one group, which the peer does not name."""
    return rows if case.grouped else [row | {"grp": ""} for row in rows]


def dsr(case: Case) -> Answer:
    several = case.params["independent_events"] == "false"
    names = {"grp": "groups", "total_count": "events", "total_pop": "people", "value": "value"}

    def call(level: float) -> Any:
        return directly_standardised_rates(
            case.column("x"),
            case.column("n"),
            case.column("stdpop"),
            groups(case),
            ages=case.texts("age"),
            frequency=case.column("freq") if several else None,
            per=float(case.params["multiplier"]),
            confidence=level,
        )

    return keyed(case, with_limits(case, call, names))


def indirect(call: Callable[..., Any], per: str, more: Mapping[str, str]) -> Callable[[Case], Answer]:
    names = {"grp": "groups", "observed": "observed", "expected": "expected", "value": "value"}

    def answer(case: Case) -> Answer:
        totals = dict(part.split("=") for part in case.params["observed_totals"].split(";") if part)
        order = dict.fromkeys(case.texts("grp"))
        rows = with_limits(
            case,
            lambda level: call(
                *(case.column(name) for name in ("x", "n", "x_ref", "n_ref")),
                groups(case),
                observed_totals=[number(totals[label]) for label in order] if totals else None,
                per=float(case.params[per]),
                confidence=level,
            ),
            names | {"method": "method"} | dict(more),
        )
        return keyed(case, [row | {"method": METHODS_NAMED[row["method"]]} for row in rows])

    return answer


def quantile(case: Case) -> Answer:
    found = assigned_quantiles(
        case.column("x"),
        groups(case),
        parts=int(case.params["nquantiles"]),
        highest_first=case.params["invert"] == "true",
    )
    return [
        {"grp": row["grp"], "id": row["id"], "x": number(row["x"]), "quantile": part}
        for row, part in zip(case.rows, found.tolist(), strict=True)
    ]


def life(case: Case) -> Answer:
    (level,) = levels(case)
    found = life_expectancy(
        case.column("deaths"), case.column("pops"), case.column("startage"), confidence=level
    )
    figures = zip(
        *(table[0].tolist() for table in (found.people, found.deaths, found.value, found.lower, found.upper)),
        found.withheld[0].tolist(),
        strict=True,
    )
    answer = []
    for age, (people, deaths, value, lower, upper, withheld) in zip(found.ages, figures, strict=True):
        # the peer drops the counts of an area that it withholds altogether; ours are kept
        kept = withheld in ("", "limits too wide")
        answer.append(
            {
                "startage": age,
                "value": value,
                "lowercl": lower,
                "uppercl": upper,
                "pops_used": people if kept else None,
                "dths_used": deaths if kept else None,
            }
        )
    return answer


METHODS = {
    "proportion": Method(
        PEER,
        crude(crude_proportions, {"x": "x", "n": "n", "value": "value"}, "multiplier"),
        ignored=ONE_METHOD,
    ),
    "rate": Method(
        PEER,
        crude(
            crude_rates, {"x": "events", "n": "people", "value": "value", "method": "method"}, "multiplier"
        ),
        ignored=ECHO,
    ),
    "mean": Method(PEER, mean, keys=("grp",), ignored=ONE_METHOD),
    "dsr": Method(PEER, dsr, keys=("grp",), ignored=ONE_METHOD),
    "israte": Method(
        PEER,
        indirect(indirectly_standardised_rates, "multiplier", {"ref_rate": "reference"}),
        keys=("grp",),
        ignored=ECHO,
    ),
    "isratio": Method(
        PEER, indirect(indirectly_standardised_ratios, "refvalue", {}), keys=("grp",), ignored=ECHO
    ),
    "quantile": Method(
        PEER,
        quantile,
        keys=("grp", "id"),
        ignored={"nquantiles": "repeats the parameter", "qinverted": "a caption made from the parameter"},
    ),
    "life_expectancy": Method(
        PEER,
        life,
        keys=("startage",),
        ignored=ONE_METHOD | {"pops": "repeats the input", "deaths": "repeats the input"},
    ),
}
