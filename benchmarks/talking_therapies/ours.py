"""joinedup: one pass over the clustered record, mapped into memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.talking_therapies.clustering import MADE_OF
from benchmarks.talking_therapies.generate import AGE_BANDS, BOROUGHS, MONTHS
from benchmarks.talking_therapies.job import CHECKED, components
from benchmarks.talking_therapies.worker import run
from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.derivations import Derivations
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import MISSING
from joinedup.journeys.clustered_files import ClusteredRecord, read_record
from joinedup.journeys.one_pass import JourneyRows, Reading, in_chunks
from joinedup.measures.components import Source
from joinedup.measures.counted import counted
from joinedup.measures.finest import Axis, Cube, Frame

SOURCE = Source("journeys", "ReferralRequestReceivedDate")


def frame(columns: Mapping[str, Sequence[Any]]) -> Frame:
    """Months x boroughs x ethnic category x fifth of deprivation x age x gender."""
    named = [Breakdown.load(slug) for slug in ("ethnic_category", "deprivation_quintile", "gender")]
    ethnic, deprived, gender = (Axis.of(found, columns[found.column or ""]) for found in named)
    ages = columns["age_band"]
    age = Axis("age_band", "age_band", tuple(AGE_BANDS), tuple(AGE_BANDS.index(band) for band in ages))
    return Frame(str(MONTHS[0]), len(MONTHS), "borough", tuple(BOROUGHS), (ethnic, deprived, age, gender))


def cube_of(folder: Path, checksums: dict[str, int]) -> Cube:
    """The cube of the record beside the files in `folder`; the checksums of its journeys are added up on the way."""
    return cube_of_record(read_record(folder / "clustered", MADE_OF), checksums)


def cube_of_record(record: ClusteredRecord, checksums: dict[str, int]) -> Cube:
    """The cube of a record; the checksums of its journeys are added up on the way."""
    reading = Reading.of(record.columns, Derivations.load(), Thresholds.load())
    chunks = _checked(in_chunks(record.parts(), reading), checksums)
    return counted(chunks, frame(record.columns), {SOURCE: components()})


def _checked(chunks: Iterator[JourneyRows], checksums: dict[str, int]) -> Iterator[JourneyRows]:
    for rows in chunks:
        for name in CHECKED:
            scored = name.endswith("Score")
            found = rows.hundredths(name) if scored else rows.days(name)
            total = int(found.sum(dtype=np.int64)) - MISSING * int((found == MISSING).sum())
            checksums[name] = checksums.get(name, 0) + (total // 100 if scored else total)
        yield rows


def job(folder: Path) -> dict[str, Any]:
    checksums: dict[str, int] = {}
    cube = cube_of(folder, checksums)
    rolled = cube.rolled[SOURCE]
    sums = {f"cube {at}": int(total) for at, total in enumerate(rolled.sum(axis=(0, 1, 2)))}
    return {**checksums, "cells": int((rolled[..., 0] > 0).sum()), **sums}


if __name__ == "__main__":
    run(job)
