"""Spark on this machine's two cores, tuned: as the DuckDB peer, in Spark's words; joins and sums in few partitions.

Spark has no smallest two of a group, so the dates of treatment are collected and sorted. Only the finest grain is kept
in memory, as it is asked twice.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.talking_therapies.duckdb_sql import CHECKS, GROUPS, SUMS, grouping_sets
from benchmarks.talking_therapies.job import MEASURES
from benchmarks.talking_therapies.worker import run

JOURNEYS = """
WITH contacts AS (
    SELECT ref_id, cdate, attend IN (5, 6) AS attended, attend = 3 AS missed, apptype,
        shiftleft(datediff(cdate, DATE '1970-01-01'), 5) | phq9 AS phq9,
        shiftleft(datediff(cdate, DATE '1970-01-01'), 5) | gad7 AS gad7
    FROM parquet.`{folder}/contacts.parquet`
),
seen AS (
    SELECT ref_id,
        min(cdate) FILTER (WHERE attended AND apptype IN (1, 3)) AS assessed,
        sort_array(collect_list(cdate) FILTER (WHERE attended AND apptype IN (2, 3, 5))) AS treated,
        count(*) AS appointments, count(*) FILTER (WHERE missed) AS missed,
        min(phq9) AS phq9_first, max(phq9) AS phq9_last, min(gad7) AS gad7_first, max(gad7) AS gad7_last
    FROM contacts GROUP BY ref_id
),
scored AS (
    SELECT ref_id, assessed, treated, size(treated) AS treatments, appointments, missed,
        phq9_first & 31 AS phq9_first, gad7_first & 31 AS gad7_first,
        CASE WHEN shiftright(phq9_first, 5) < shiftright(phq9_last, 5) THEN phq9_last & 31 END AS phq9_last,
        CASE WHEN shiftright(gad7_first, 5) < shiftright(gad7_last, 5) THEN gad7_last & 31 END AS gad7_last
    FROM seen
),
joined AS (
    SELECT trunc(received, 'MM') AS month, borough, ethnic, (imd + 1) div 2 AS deprived, age_band, gender, received,
        assessed, get(treated, 0) AS first_treated, get(treated, 1) AS second_treated,
        get(treated, treatments - 1) AS last_treated, treatments, appointments, missed,
        closed IS NOT NULL AND coalesce(treatments, 0) >= 2 AS finished,
        phq9_first, phq9_last, gad7_first, gad7_last,
        phq9_last IS NOT NULL AND gad7_last IS NOT NULL AS paired
    FROM parquet.`{folder}/referrals.parquet`
    LEFT JOIN scored USING (ref_id)
    LEFT JOIN parquet.`{folder}/patients.parquet` USING (person_id)
),
journeys AS (
    SELECT *,
        finished AND (coalesce(phq9_first >= 10, FALSE) OR coalesce(gad7_first >= 8, FALSE)) AS caseness,
        paired AND phq9_last < 10 AND gad7_last < 8 AS well,
        finished AND paired AND (phq9_first - phq9_last >= 6 OR gad7_first - gad7_last >= 4) AS fell,
        finished AND paired AND (phq9_last - phq9_first >= 6 OR gad7_last - gad7_first >= 4) AS rose
    FROM joined
)
"""
SETTINGS = {
    "spark.master": "local[2]",
    "spark.app.name": "peer",
    "spark.driver.memory": "6g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@cache
def session() -> Any:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    conf = SparkConf(loadDefaults=False).setAll(list(SETTINGS.items()))
    # What it says while it starts would stand between the lines of the table.
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return SparkSession(SparkContext(conf=conf, gateway=launch_gateway(conf, quiet)))


def spoken(sql: str) -> str:
    """A sum of the DuckDB peer in Spark's words."""
    days = re.sub(r"(\w+) - (DATE '[-0-9]+'|\w+)", r"datediff(\1, \2)", sql)
    return days.replace("FILTER (", "FILTER (WHERE ")


def job(folder: Path) -> dict[str, Any]:
    spark = session()
    sums = ", ".join(f"{spoken(sql)} AS {name}" for name, sql in SUMS.items())
    checks = ", ".join(f"{spoken(sql)} AS check_{at}" for at, sql in enumerate(CHECKS.values()))
    grain = f"month, borough, {', '.join(GROUPS)}"
    finest = spark.sql(
        f"{JOURNEYS.format(folder=folder)} SELECT {grain}, {sums}, {checks} FROM journeys GROUP BY {grain}"
    )
    finest.persist().createOrReplaceTempView("finest")
    checked = finest.selectExpr(*(f"sum(check_{at})" for at in range(len(CHECKS)))).first()
    added = ", ".join(f"sum({name}) AS {name}" for name in MEASURES)
    cube = spark.sql(f"SELECT {grain}, {added} FROM finest GROUP BY GROUPING SETS ({grouping_sets()})")
    cells, *found = cube.selectExpr("count(*)", *(f"sum({name})" for name in MEASURES)).first()
    finest.unpersist()
    totals = {f"cube {at}": int(total) for at, total in enumerate(found)}
    return {
        **{name: int(total) for name, total in zip(CHECKS, checked, strict=True)},
        "cells": cells,
        **totals,
    }


if __name__ == "__main__":
    run(job)
