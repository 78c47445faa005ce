"""Run by the interpreter that has pm4py, in a process of its own: what pm4py says of some logs, as a line of JSON each.

    python pm4py_answers.py OUT < [[FILE, CASE, ACTIVITY, TIME, DELIMITER, TIME_FORM], ...]

pm4py is AGPL: nothing of joinedup imports it, and this file imports nothing of joinedup.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import pandas as pd  # noqa: E402
import pm4py  # noqa: E402


def frame(file, case, activity, time, delimiter, form):
    if ".xes" in file:
        found = pm4py.read_xes(file, variant="iterparse", show_progress_bar=False)
        return pm4py.format_dataframe(found)
    found = pd.read_csv(
        file,
        sep=delimiter,
        dtype="string",
        keep_default_na=False,
        na_values=[""],
        usecols=[case, activity, time],
    )
    found[time] = pd.to_datetime(found[time], utc=True, format=form or "ISO8601")
    return pm4py.format_dataframe(found, case_id=case, activity_key=activity, timestamp_key=time)


def answer(log):
    follows, starts, ends = pm4py.discover_dfg(log)
    mean, _, _ = pm4py.discover_performance_dfg(log, perf_aggregation_key="mean")
    median, _, _ = pm4py.discover_performance_dfg(log, perf_aggregation_key="median")
    return {
        "transitions": [
            [*step, int(n), float(mean[step]), float(median[step])] for step, n in follows.items()
        ],
        "starts": {name: int(n) for name, n in starts.items()},
        "ends": {name: int(n) for name, n in ends.items()},
        "variants": [[list(sequence), int(n)] for sequence, n in pm4py.get_variants(log).items()],
        "repeating": {name: int(n) for name, n in pm4py.get_rework_cases_per_activity(log).items()},
    }


def main():
    with Path(sys.argv[1]).open("w") as out:  # pm4py greets on standard output
        for request in json.load(sys.stdin):
            print(json.dumps(answer(frame(*request))), file=out)


main()
