"""Read the published figures of 2024-25 into the twin's calibration files, and solve what cannot be read off.

Run again with `JOINEDUP_DATA=DIR python -m joinedup.twin.calibrating` when a newer publication is used.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from joinedup.twin.checking import compare
from joinedup.twin.courses import second_treatment_rate
from joinedup.twin.figures import read, services
from joinedup.twin.planted import effects
from joinedup.twin.population import populate

FOLDER = Path(__file__).parent / "calibration"
YEAR = "2024-25"
SOURCE_ANNUAL = (
    "NHS Talking Therapies, annual report 2024-25, provider rows (NHS England, Open Government Licence)"
)
SOURCE_MONTHLY = (
    "NHS Talking Therapies monthly statistics, activity and performance, provider rows (NHS England, OGL)"
)

COUNTS = {
    "referrals_received": "received",
    "finished_course_treatment": "finished",
    "not_at_caseness": "not_at_caseness",
    "recovery": "recovery",
    "improvement": "improvement",
    "reliable_recovery": "reliable_recovery",
    "deterioration": "deterioration",
}
# Whole percentages of unrounded counts: nearer than quotients of counts rounded to 5.
PERCENTAGES = {name: COUNTS[name] for name in ("recovery", "improvement", "reliable_recovery")}
BREAKDOWNS = {
    "Ethnic Group": "ethnic_category",
    "Indices of Deprivation Decile": "deprivation_decile",
    "Age Group": "age_band",
    "Gender": "gender",
    "Disability Type": "disability",
    "Presenting Complaint": "presenting_problem",
}
TWO_LEVELS = ("ethnic_category", "presenting_problem")
WAIT_LABELS = ("<=28 days", "<6 weeks", "29-56 days", "57-90 days", ">90 days", "<18 weeks")
MONTHLY = frozenset(
    """
    M031 M036 M037 M038 M048 M049 M056 M058 M059 M060 M061 M063 M066 M070 M071 M072 M073 M074 M075 M076
    M082 M083 M084 M085 M086 M087 M088 M089 M099 M142 M153 M184 M201 M202 M203 M204 M271
    M340 M341 M342 M343 M344 M1001 M1002 M1009 M1018
    """.split()  # noqa: SIM905  fifty names read better without fifty quotation marks
)


def annual_rows(data: Path, sites: list[str]) -> list[dict[str, Any]]:
    """Rows of the annual publication for one year and the given sites: counts and percentages."""
    table = pq.read_table(
        data / "iapt" / "nhstt_measures_annual.parquet",
        filters=[
            ("org_code", "in", sites),
            ("reporting_period", "=", YEAR),
        ],
        columns=[
            "org_code",
            "variable_type",
            "variable_a",
            "variable_b",
            "measure_name",
            "measure_statistic",
            "value",
        ],
    )
    return list(table.to_pylist())


def number(text: Any) -> int | None:
    """A published count; None where it was suppressed."""
    try:
        return round(float(text))
    except (TypeError, ValueError):
        return None


def label_of(slug: str, row: dict[str, Any]) -> str:
    """The key under which labels.yaml knows a published category."""
    second = "" if row["variable_b"] in (None, "NULL") else row["variable_b"]
    return f"{row['variable_a']}|{second}" if slug in TWO_LEVELS else str(row["variable_a"])


def tabulate(
    rows: list[dict[str, Any]], labels: dict[str, dict[str, Any]], names: dict[str, str], statistic: str
) -> dict[str, Any]:
    """Figures per breakdown and code: a list in the order of `names`, None where suppressed."""
    result: dict[str, Any] = {slug: {} for slug in BREAKDOWNS.values()}
    order = list(names)
    for row in rows:
        slug = BREAKDOWNS.get(row["variable_type"])
        code = labels[slug].get(label_of(slug, row)) if slug else None
        if (
            slug is None
            or code is None
            or row["measure_name"] not in names
            or row["measure_statistic"] != statistic
        ):
            continue
        cell = result[slug].setdefault(code, [None] * len(order))
        cell[order.index(row["measure_name"])] = number(row["value"])
    return {slug: dict(sorted(cells.items())) for slug, cells in result.items()}


def annual_figures(rows: list[dict[str, Any]], labels: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Totals, breakdowns and waits of one service."""
    counts = [row for row in rows if row["measure_statistic"] == "count"]
    totals = {
        COUNTS[row["measure_name"]]: number(row["value"])
        for row in counts
        if row["variable_type"] == "Total" and row["measure_name"] in COUNTS
    }
    waits: dict[str, dict[str, int | None]] = {}
    for row in counts:
        finished = row["measure_name"] == "finished_course_treatment"
        if finished and row["variable_type"] == "Waiting Time" and row["variable_b"] in WAIT_LABELS:
            key = "first_treatment" if row["variable_a"].startswith("Acc") else "second_treatment"
            waits.setdefault(key, {})[row["variable_b"]] = number(row["value"])
    return {
        "annual": totals,
        "counts": list(COUNTS.values()),
        "breakdowns": tabulate(rows, labels, COUNTS, "count"),
        "percentages": tabulate(rows, labels, PERCENTAGES, "percentage"),
        "waits": waits,
    }


def monthly_figures(data: Path, site: str) -> dict[str, Any]:
    """Referrals by month, and the mean monthly count or value of other measures in 2024-25."""
    table = pq.read_table(
        data / "iapt" / "nhstt_activity_performance_monthly.parquet",
        filters=[("org_code2", "=", site)],
        columns=["reporting_period", "measure_id", "value", "measure_statistic"],
    )
    received: dict[str, int] = {}
    sums: dict[str, list[float]] = {}
    for row in table.to_pylist():
        month, ident, value = row["reporting_period"], row["measure_id"], row["value"]
        if value is None or math.isnan(value):
            continue
        if ident == "M001":
            received[month] = round(value)
        if ident in MONTHLY and "2024-04" <= month <= "2025-03":
            sums.setdefault(ident, []).append(value)
    means = {k: round(sum(v) / len(v), 2) for k, v in sorted(sums.items())}
    return {"received_by_month": dict(sorted(received.items())), "monthly_means": means}


def extract(data: Path, folder: Path = FOLDER / "services") -> None:
    """Write a file of figures for each service into `folder`, from the published files under `data`."""
    labels = yaml.safe_load((FOLDER / "labels.yaml").read_text(encoding="utf-8"))
    services = yaml.safe_load((FOLDER / "places.yaml").read_text(encoding="utf-8"))["services"]
    rows = annual_rows(data, list(services))
    for site in services:
        figures = {
            "service": site,
            "year": YEAR,
            "source": [SOURCE_ANNUAL, SOURCE_MONTHLY],
            **annual_figures([r for r in rows if r["org_code"] == site], labels),
            **monthly_figures(data, site),
        }
        path = folder / f"{site}.yaml"
        path.write_text(yaml.safe_dump(figures, sort_keys=False, width=110, default_flow_style=None), "utf-8")


def solve(rounds: int = 3, seeds: tuple[int, ...] = (101, 102, 103)) -> dict[str, float]:
    """Pass rate of the second treatment of each service, such that as many courses end in 2024-25 as
    published.

    It cannot be read off: courses that end in the year began before it, in months of other volumes. Each
    round multiplies the rate by published over simulated courses, averaged over the seeds.
    """
    rates: dict[str, float] = {}
    for _ in range(rounds):
        finished = dict.fromkeys(rates, 0.0)
        for seed in seeds:
            for result in compare(populate(1.0, 24, seed, "2025-03", chosen=effects())):
                finished[result.service] = finished.get(result.service, 0.0) + result.twin["finished"]
        for service in services():
            simulated = finished[service.code] / len(seeds)
            now = rates.get(service.code) or second_treatment_rate(service)
            rates[service.code] = round(now * service.total("finished") / simulated, 4)
        write_solved(rates)
    return rates


def write_solved(rates: dict[str, float]) -> None:
    """Store the solved rates in solved.yaml, and let the simulation see them."""
    path = FOLDER / "solved.yaml"
    text = yaml.safe_load(path.read_text(encoding="utf-8")) | {"second_treatment": rates}
    path.write_text(yaml.safe_dump(text, sort_keys=False, width=110), encoding="utf-8")
    read.cache_clear()


if __name__ == "__main__":
    extract(Path(os.environ.get("JOINEDUP_DATA", "../shared/data")))
    read.cache_clear()
    solve(rounds=2)
