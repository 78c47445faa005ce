"""The table of `make bench`: what it asks of each benchmark is there, and a missed mark is said."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from benchmarks.load import figures
from benchmarks.table import GROWTH, JOBS, Job, Mark, growth, lines, shown


def told(**found: float) -> dict[str, float]:
    return {"peak_mb": 100.0, **found}


JOB = Job(
    "a job", "its size", "benchmarks.load", (), (),
    (Mark("ratio", "a peer", at_least=8, aim=20), Mark("peak_mb", "memory", at_most=1_500)),
)  # fmt: skip


def test_a_mark_is_missed_on_its_wrong_side_only() -> None:
    assert [line["missed"] for line in lines(JOB, told(ratio=7.9), quick=False)] == [True, False]
    assert [line["missed"] for line in lines(JOB, told(ratio=8.0, peak_mb=1_501), quick=False)] == [
        False,
        True,
    ]
    assert not any(line["missed"] for line in lines(JOB, told(ratio=1.0), quick=True))


def test_a_mark_says_itself() -> None:
    first, second = lines(JOB, told(ratio=9.0), quick=False)
    assert first["mark"] == "at least 8, aim 20" and second["mark"] == "at most 1500"


@pytest.mark.parametrize("job", JOBS, ids=lambda job: f"{job.name} {job.size}")
def test_every_job_names_a_benchmark_and_has_a_mark(job: Job) -> None:
    assert find_spec(job.module) is not None
    assert job.marks and all((m.at_least is None) != (m.at_most is None) for m in job.marks)


def test_growth_is_told_of_the_fewest_and_of_the_size_before() -> None:
    answers = {
        1_000_000: {"ours_seconds": 0.5, "peak_mb": 300},
        5_000_000: {"ours_seconds": 2.0, "peak_mb": 800},
        20_000_000: {"ours_seconds": 14.0, "peak_mb": 1_000},
    }
    found = growth(answers)
    assert found == {"cost": pytest.approx(1.4), "memory": 1.25, "peak_mb": 1_000}
    assert [line["missed"] for line in lines(GROWTH, found, quick=False)] == [True, True]
    assert [line["missed"] for line in lines(GROWTH, {**found, "cost": 1.0}, quick=False)] == [False, True]


def test_a_figure_that_was_not_measured_is_said_to_be() -> None:
    first, _ = lines(JOB, told(), quick=False)
    assert not first["missed"] and "not run" in shown(first)


def test_load_is_compared_round_by_round() -> None:
    slow = {"seconds": 8.0, "cpu": 12.0, "peak_mb": 900, "rows": 10}
    quick = {"seconds": 4.0, "cpu": 4.0, "peak_mb": 300, "rows": 10}
    turns = [{"duckdb": quick, "checked": quick, "loaded": slow}] * 3
    found = figures(turns)
    assert (found["ratio_to_duckdb"], found["cpu_ratio_to_duckdb"], found["peak_mb"]) == (2.0, 3.0, 900)
    with pytest.raises(SystemExit):
        figures([{**turns[0], "duckdb": {**quick, "rows": 9}}])
