"""Read the published figures of 2024-25 into the twin's calibration files, and solve what cannot be read off.

Run again with `JOINEDUP_DATA=DIR python -m joinedup.twin.calibrating` when a newer publication is used.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

FOLDER = Path(__file__).parent / "calibration"
YEAR = "2024-25"
SOURCE_ANNUAL = "NHS Talking Therapies, annual report 2024-25, provider rows (NHS England, Open Government Licence)"
SOURCE_MONTHLY = "NHS Talking Therapies monthly statistics, activity and performance, provider rows (NHS England, OGL)"
COUNTS = {
    "referrals_received": "received",
    "finished_course_treatment": "finished",
    "not_at_caseness": "not_at_caseness",
    "recovery": "recovery",
    "improvement": "improvement",
    "reliable_recovery": "reliable_recovery",
    "deterioration": "deterioration",
}
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
MONTHLY = (
    "M031 M036 M037 M048 M049 M056 M073 M074 M075 M076 M082 M083 M084 M085 M086 M087 M088 M089 M121 M122 M126 "
    "M038 M153 M184 M201 M202 M203 M204 M002 M003 M005 M012 M014 M017 M018 M345 M342 M058 M059 M060 M061 M340 M063 "
    "M066 M344 M341 M070 M071 M072 M1001 M1002 M1018 M1009 M271 M343 M099"
).split()


def annual_rows(data: Path, sites: list[str]) -> list[dict[str, Any]]:
    """Rows of counts of the annual publication for one year and the given sites."""
    table = pq.read_table(
        data / "iapt" / "nhstt_measures_annual.parquet",
        filters=[
            ("org_code", "in", sites),
            ("measure_statistic", "=", "count"),
            ("reporting_period", "=", YEAR),
        ],
        columns=["org_code", "variable_type", "variable_a", "variable_b", "measure_name", "value"],
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


def tabulate(rows: list[dict[str, Any]], labels: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Counts per breakdown and code: a list in the order of COUNTS, None where suppressed."""
    result: dict[str, Any] = {slug: {} for slug in BREAKDOWNS.values()}
    order = list(COUNTS)
    for row in rows:
        slug = BREAKDOWNS.get(row["variable_type"])
        code = labels[slug].get(label_of(slug, row)) if slug else None
        if slug is None or code is None or row["measure_name"] not in COUNTS:
            continue
        cell = result[slug].setdefault(code, [None] * len(order))
        cell[order.index(row["measure_name"])] = number(row["value"])
    return {slug: dict(sorted(cells.items())) for slug, cells in result.items()}


def annual_figures(rows: list[dict[str, Any]], labels: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Totals, breakdowns and waits of one service."""
    totals = {COUNTS[r["measure_name"]]: number(r["value"]) for r in rows if r["variable_type"] == "Total"
              and r["measure_name"] in COUNTS}
    waits: dict[str, dict[str, int | None]] = {}
    for row in rows:
        if row["variable_type"] == "Waiting Time" and row["variable_b"] in WAIT_LABELS:
            if row["measure_name"] == "finished_course_treatment":
                key = "first_treatment" if row["variable_a"].startswith("Acc") else "second_treatment"
                waits.setdefault(key, {})[row["variable_b"]] = number(row["value"])
    return {"annual": totals, "counts": list(COUNTS.values()), "breakdowns": tabulate(rows, labels), "waits": waits}


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
        if value is None or value != value:
            continue
        if ident == "M001":
            received[month] = round(value)
        if ident in MONTHLY and "2024-04" <= month <= "2025-03":
            sums.setdefault(ident, []).append(value)
    means = {k: round(sum(v) / len(v), 2) for k, v in sorted(sums.items())}
    return {"received_by_month": dict(sorted(received.items())), "monthly_means": means}


def extract(data: Path) -> None:
    """Write calibration/services/*.yaml from the published files under `data`."""
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
        path = FOLDER / "services" / f"{site}.yaml"
        path.write_text(yaml.safe_dump(figures, sort_keys=False, width=110, default_flow_style=None), "utf-8")


if __name__ == "__main__":
    extract(Path(os.environ.get("JOINEDUP_DATA", "../shared/data")))
