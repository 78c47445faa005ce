"""Questions to a cube of every official measure that one pass can count: any measure, groups, place and period.

python -m benchmarks.talking_therapies.questions FOLDER
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.talking_therapies.clustering import MADE_OF
from joinedup.definitions.conditions import PERIOD_END
from joinedup.definitions.derivations import Derivations
from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import Clustered
from joinedup.journeys.clustered_files import read_record
from joinedup.journeys.one_pass import Reading, in_chunks
from joinedup.measures.asked_of_cube import MeasureCube, cube_of
from joinedup.measures.components import components_of, named_columns

QUESTIONS = 300
BREAKDOWNS = ("ethnic_category", "deprivation_quintile", "age_band", "gender")
BOROUGHS = {
    "Brent": "E09000005", "Ealing": "E09000009", "Hammersmith and Fulham": "E09000013", "Harrow": "E09000015",
    "Hillingdon": "E09000017", "Hounslow": "E09000018", "Kensington and Chelsea": "E09000020",
    "Westminster": "E09000033",
}  # fmt: skip
AGE = "Age_ReferralRequest_ReceivedDate"
AGES = {
    "Under 18": 16, "18 to 25": 20, "26 to 35": 30, "36 to 50": 40, "51 to 64": 60, "65 to 74": 70, "75 and over": 80,
}  # fmt: skip
PERIODS = [
    *(f"{2021 + (month + 3) // 12}-{(month + 3) % 12 + 1:02d}" for month in range(60)),
    *(f"{year}-{year - 1999}-Q{quarter}" for year in range(2021, 2026) for quarter in range(1, 5)),
    *(f"{year}-{year - 1999}" for year in range(2021, 2026)),
]


@dataclass(frozen=True)
class About:
    """The days that the synthetic record covers."""

    snapshot: int | None = None
    rule: str = "benchmark"
    first_day: date = date(2021, 4, 1)
    last_day: date = date(2026, 3, 31)


def cube_of_record(folder: Path) -> MeasureCube:
    record = read_record(folder / "clustered", MADE_OF)
    columns: dict[str, Any] = {
        **record.columns,
        "borough": [BOROUGHS[name] for name in record.columns["borough"]],
        AGE: [AGES[band] for band in record.columns["age_band"]],
    }
    reading = Reading.of(columns, Derivations.load(), Thresholds.load())
    chunks = in_chunks(_aged(record.parts()), reading)
    return cube_of(chunks, reading, measures(columns), by=BREAKDOWNS, unit="borough", about=About())


def _aged(parts: Iterator[Clustered]) -> Iterator[Clustered]:
    for part in parts:
        yield replace(part, codes={**part.codes, AGE: part.codes["age_band"]})


def measures(columns: dict[str, Any]) -> list[Measure]:
    """Official measures of journeys by a date of theirs, of what the record holds."""
    absent = ("SickpayIndicator", "EmployStatus", "SickAbsenceInd", "InternetEnabledTherapy", "Validated_")
    return [
        measure
        for measure in Measure.all()
        if measure.table == "journeys"
        and measure.date_basis != PERIOD_END
        and not any(name.startswith(absent) for name in named_columns(components_of(measure)))
    ]


def question(source: random.Random, known: list[Measure]) -> dict[str, Any]:
    return {
        "measures": source.choice(known),
        "by": source.sample(BREAKDOWNS, source.randint(0, 2)),
        "place": source.choice(["borough", "icb", "total"]),
        "periods": Period.parse(source.choice(PERIODS)),
    }


def main() -> None:
    source, began = random.Random(1), time.perf_counter()
    cube = cube_of_record(Path(sys.argv[1]))
    counted = time.perf_counter() - began
    known = list({m.id: m for m in measures({})}.values())
    took = []
    for asked in [question(source, known) for _ in range(QUESTIONS)]:
        began, cpu = time.perf_counter(), time.process_time()
        cube.calculate(**asked)
        took.append((time.perf_counter() - began, time.process_time() - cpu))
    wall, cpus = (1000 * np.array(column) for column in zip(*took, strict=True))
    found = {
        "measures": len(known),
        "count_seconds": round(counted, 2),
        "cube_mb": round(sum(rolled.nbytes for rolled in cube.cube.rolled.values()) / 1e6),
        **{f"p{p}_ms": round(float(np.percentile(wall, p)), 2) for p in (50, 95, 100)},
        **{f"cpu_p{p}_ms": round(float(np.percentile(cpus, p)), 2) for p in (50, 95, 100)},
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
