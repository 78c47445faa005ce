"""Linkage of two person indexes: ours beside Splink alone, in interleaved rounds, with quality by group.

    python -m benchmarks.linkage [--people 1000000] [--rounds 5] [--folder DIR] [--json]

Each run is a process of its own that reads the two indexes, imports its libraries and links two small indexes first
(loading compiled code, starting a database); timed is from tables in memory to who is who. `ours` trains its model on
a sample in the timed part; `ours, model kept` reads one. Splink alone is trained and asked as its own tutorials do it:
chance agreement from a million random pairs, two passes of expectation-maximisation, four blocking rules, probability
from 0.9. Seconds depend on the machine and its other work, so that only ratios of one round gate. --folder takes
a.parquet and b.parquet (unique_id, true_id, first_name, surname, dob, postcode, sex, nhs) made elsewhere.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SMALL = 3_000  # people in each index of the first run: enough for a model to be trained
RATIO, AIM, PRECISION, RECALL = 5, 10, 0.9995, 0.994
NAMES = {
    "unique_id": "local_id",
    "true_id": "truth",
    "dob": "birth_date",
    "sex": "gender",
    "nhs": "nhs_number",
}
CONTESTANTS = ("ours", "ours, model kept", "splink alone")
Answer = tuple[np.ndarray, np.ndarray]
Run = Callable[[], Callable[[], Answer]]
"""Finds who is who; what it gives puts that as pairs, to be judged and not timed."""


def indexes(folder: Path) -> tuple[pa.Table, pa.Table]:
    """Both indexes with our column names and numbers as text."""
    first, second = (_ours(pq.read_table(folder / f"{side}.parquet")) for side in "ab")
    return first, second


def _ours(rows: pa.Table) -> pa.Table:
    rows = rows.rename_columns([NAMES.get(name, name) for name in rows.column_names])
    place = rows.schema.get_field_index("nhs_number")
    return rows.set_column(place, "nhs_number", rows["nhs_number"].cast(pa.string()))


def ours(a: pa.Table, b: pa.Table, model: Path | None, made: Path | None) -> Run:
    from joinedup.linkage.linking import link
    from joinedup.linkage.model import read_model

    def run() -> Answer:
        found = link({"a": a, "b": b}, model=read_model(model) if model else None)
        if made and found.model:
            made.write_bytes(found.model.to_bytes())
        return lambda: pairs_of_people(found.people, len(a))

    return run


def pairs_of_people(people: np.ndarray, first: int) -> Answer:
    """Every pair of a record of A (the first `first`) and one of B that are one person, as places in each."""
    a, b = people[:first], people[first:]
    order = np.argsort(b, kind="stable")
    begin, end = (np.searchsorted(b[order], a, side=side) for side in ("left", "right"))
    counts = end - begin
    left = np.repeat(np.arange(len(a)), counts)
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, order[np.repeat(begin, counts) + within]


def splink_alone(a: pa.Table, b: pa.Table) -> Run:
    import logging

    import duckdb
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.CRITICAL)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("first_name", [0.9, 0.8]),
            compare.JaroWinklerAtThresholds("surname", [0.9, 0.8]),
            compare.LevenshteinAtThresholds("birth_date", [1, 2]),
            *(compare.ExactMatch(name) for name in ("postcode", "nhs_number", "gender")),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nhs_number"),
            block_on("birth_date", "surname"),
            block_on("postcode", "birth_date"),
            block_on("first_name", "surname", "substr(birth_date, 1, 4)"),
        ],
    )
    fields = ["nhs_number", "first_name", "surname", "birth_date", "postcode", "gender"]

    def run() -> Answer:
        connection = duckdb.connect(config={"threads": 2})
        connection.execute("SET enable_progress_bar = false")
        backend = DuckDBAPI(connection=connection)
        tables = [
            backend.register(rows.select(fields).append_column("unique_id", pa.array(np.arange(len(rows)))),
                             table_name=name)
            for name, rows in (("a", a), ("b", b))
        ]  # fmt: skip
        linker = Linker(tables, settings, log_level=logging.CRITICAL)
        training = linker.training
        training.estimate_probability_two_random_records_match([block_on("nhs_number")], recall=0.9)
        training.estimate_u_using_random_sampling(max_pairs=1e6)
        for block in (block_on("birth_date", "surname"), block_on("postcode")):
            training.estimate_parameters_using_expectation_maximisation(block)
        found = linker.inference.predict(threshold_match_probability=0.9).as_duckdbpyrelation()
        answer = found.select("source_dataset_l, unique_id_l, unique_id_r").to_arrow_table()
        return lambda: pairs_of_splink(answer)

    return run


def pairs_of_splink(answer: pa.Table) -> Answer:
    """The pairs that Splink answered, the record of A first."""
    turned = np.array(answer["source_dataset_l"].to_pylist()) != "a"
    left, right = (answer[f"unique_id_{side}"].to_numpy() for side in "lr")
    return np.where(turned, right, left), np.where(turned, left, right)


class Peak(threading.Thread):
    """The highest anonymous memory of this process, looked at every 20 ms, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.megabytes, self.done = 0.0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.02):
            lines = Path("/proc/self/status").read_text().splitlines()
            held = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
            self.megabytes = max(self.megabytes, held / 1024)


def one(contestant: str, folder: Path) -> dict[str, Any]:
    """One timed run, in this process."""
    from benchmarks.linkage_people import two_indexes

    a, b = indexes(folder)
    kept = folder / "model.json"
    asked: dict[str, Callable[[pa.Table, pa.Table, bool], Run]] = {
        "ours": lambda one, other, first: ours(one, other, None, None if first else kept),
        "ours, model kept": lambda one, other, first: ours(one, other, kept, None),
        "splink alone": lambda one, other, first: splink_alone(one, other),
    }
    began = time.perf_counter()
    asked[contestant](*two_indexes(SMALL, 1), True)()
    first_run = time.perf_counter() - began
    run = asked[contestant](a, b, False)
    peak = Peak()
    peak.start()
    wall, cpu = time.perf_counter(), time.process_time()
    found = run()
    seconds, used = time.perf_counter() - wall, time.process_time() - cpu
    peak.done.set()
    left, right = found()
    return {
        "seconds": round(seconds, 2),
        "cpu": round(used, 2),
        "first_run": round(first_run, 2),
        "peak_mb": round(peak.megabytes),
        **quality(a, b, left, right),
    }


def quality(a: pa.Table, b: pa.Table, left: np.ndarray, right: np.ndarray) -> dict[str, Any]:
    """Precision, recall and F1 of pairs, in all and by the group of the person."""
    first, second = a["truth"].to_numpy(), b["truth"].to_numpy()
    true = np.isin(first, second)
    found = np.zeros(len(a), dtype=bool)
    right_ones = first[left] == second[right]
    found[left[right_ones]] = True
    hits, pairs = int(found.sum()), len(np.unique(left * len(b) + right))
    precision, recall = hits / max(pairs, 1), hits / max(int(true.sum()), 1)
    groups = np.array(a["group"].to_pylist()) if "group" in a.column_names else np.full(len(a), "all")
    return {
        "pairs": pairs,
        "precision": round(precision, 5),
        "recall": round(recall, 5),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 5),
        "groups": {
            str(group): {
                "recall": round(float(found[(groups == group) & true].mean()), 5),
                "precision": round(float(right_ones[groups[left] == group].mean()), 5),
            }
            for group in np.unique(groups)
        },
    }


def in_turn(folder: Path, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Every contestant once per round, each in a process of its own."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for name in CONTESTANTS:
            command = [sys.executable, "-W", "ignore", "-m", "benchmarks.linkage", "--one", name]
            done = subprocess.run(
                [*command, "--folder", str(folder)], check=True, capture_output=True, text=True
            )
            runs[name].append(json.loads(done.stdout.splitlines()[-1]))
    return runs


def summed_up(runs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    peer = runs["splink alone"]
    answer: dict[str, Any] = {"load": round(os.getloadavg()[0], 1), "rounds": len(peer)}
    for name, own in runs.items():
        answer[name] = {
            **own[-1],
            **{what: median(run[what] for run in own) for what in ("seconds", "cpu", "first_run", "peak_mb")},
            "ratio": round(median(p["seconds"] / o["seconds"] for p, o in zip(peer, own, strict=True)), 2),
            "ratio_cpu": round(median(p["cpu"] / o["cpu"] for p, o in zip(peer, own, strict=True)), 2),
        }
    mine, other = answer["ours"], answer["splink alone"]
    answer["gates"] = {
        f"at least {RATIO} times faster than Splink alone": mine["ratio"] >= RATIO,
        "at no lower F1": mine["f1"] >= other["f1"],
        f"precision at least {PRECISION}": mine["precision"] >= PRECISION,
        f"recall at least {RECALL}": mine["recall"] >= RECALL,
    }
    return answer


def tell(answer: dict[str, Any]) -> None:
    print(f"{answer['rounds']} interleaved rounds, load {answer['load']} at the end; medians\n")
    heads = ("s", "CPU s", "ratio", "of CPU", "first s", "MB", "precision", "recall", "F1")
    print(f"{'':18}" + "".join(f"{head:>10}" for head in heads))
    for name in CONTESTANTS:
        own = answer[name]
        quick = (own[what] for what in ("seconds", "cpu", "ratio", "ratio_cpu", "first_run"))
        good = (own[what] for what in ("precision", "recall", "f1"))
        print(f"{name:18}" + "".join(f"{v:10.2f}" for v in quick) + f"{own['peak_mb']:10.0f}"
              + "".join(f"{v:10.5f}" for v in good))  # fmt: skip
    for group, own in answer["ours"]["groups"].items():
        beside = answer["splink alone"]["groups"][group]
        print(f"{group}: recall {own['recall']:.5f} (Splink alone {beside['recall']:.5f}), "
              f"precision {own['precision']:.5f} ({beside['precision']:.5f})")  # fmt: skip
    for gate, passed in answer["gates"].items():
        print(f"{'pass' if passed else 'FAIL'}: {gate}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", choices=CONTESTANTS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    if asked.one:
        print(json.dumps(one(asked.one, asked.folder)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        # Links, so that what is made here does not come to lie in a folder of somebody else's.
        folder = Path(scratch)
        for side, rows in zip("ab", _asked_for(asked), strict=True):
            pq.write_table(rows, folder / f"{side}.parquet")
        answer = summed_up(in_turn(folder, asked.rounds))
    print(json.dumps(answer)) if asked.json else tell(answer)
    # Speed is gated at full size only: below it the fixed cost of training is all there is.
    gates = [
        passed
        for gate, passed in answer["gates"].items()
        if asked.people >= 1_000_000 or "faster" not in gate
    ]
    return 0 if all(gates) else 1


def _asked_for(asked: argparse.Namespace) -> tuple[pa.Table, pa.Table]:
    if asked.folder:
        return indexes(asked.folder)
    from benchmarks.linkage_people import two_indexes

    return two_indexes(asked.people, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
