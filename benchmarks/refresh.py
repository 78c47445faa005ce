"""One new month arrives: a refresh beside a rebuild, of the clustered record and cube, and of a whole lake.

    python -m benchmarks.refresh --referrals 5000000 [--json] [--rounds 3] [--folder DIR] [--lake-times 4]

The record and cube (benchmarks/talking_therapies) of so many referrals over five years, of which the month touches
some 9%: the rebuild clusters all returns and counts every cell; the refresh clusters, derives and counts the touched
referrals again, and rewrites the months of referral they lie in. Both must leave the same record and cube. Growth: the
same month after 12 and 36 months of history. The lake (benchmarks/lake_months) is what a person waits for:
`joinedup journeys build` over a twin's returns, multiplied, with and without --rebuild. The two ways take turns, each
in a process of its own; ratios are medians of the ratios of a round. The gate is on record and cube.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.journeys import python, watched
from benchmarks.lake_months import copy_of

GATES = {"ratio_to_rebuild": 8.0}
GATED_FROM = 5_000_000  # below, what every run costs by itself decides
HISTORIES = (60, 36, 12)
WAYS = ("refreshed", "rebuilt")
_MODULE = "benchmarks.talking_therapies"


def record_rounds(folder: Path, small: Path, rounds: int) -> list[dict[str, Any]]:
    """Each round: both ways after the whole history, and the refresh after shorter ones."""
    for place in (small, folder):
        for months in HISTORIES if place == folder else HISTORIES[:1]:
            if not (place / "before" / str(months)).exists():
                subprocess.run(python(f"{_MODULE}.arriving", str(place), str(months)), check=True)
    warm = str(small / "before" / str(HISTORIES[0]))
    found = []
    for number in range(rounds):
        turn = {}
        for months in HISTORIES:
            place = str(folder / "before" / str(months))
            for way in WAYS if months == HISTORIES[0] else WAYS[:1]:
                # What the round before made: a state that arrives finds nothing of its own name to take away.
                shutil.rmtree(Path(place) / way, ignore_errors=True)
                turn[f"{way}_{months}"] = watched(python(f"{_MODULE}.{way}", place, warm))
        subprocess.run(python(f"{_MODULE}.compared", str(folder / "before" / str(HISTORIES[0]))), check=True)
        _say("record", number, rounds, turn)
        found.append(turn)
    return found


def lake_rounds(folder: Path, times: int, rounds: int) -> list[dict[str, Any]]:
    """Each round: the same lake brought up to date both ways."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        python("benchmarks.lake_months", "prepare", str(folder), "--times", str(times)), check=True
    )
    (lake,) = folder.glob(f"lake-*-{times}-times")
    found = []
    for number in range(rounds):
        turn = {
            way: watched(python("benchmarks.lake_months", way, str(copy_of(lake, folder / way))))
            for way in ("refresh", "rebuild")
        }
        _say("lake", number, rounds, turn)
        found.append(turn)
    return found


def _say(what: str, number: int, rounds: int, turn: dict[str, Any]) -> None:
    seconds = ", ".join(f"{way} {run['seconds']:.2f} ({run['cpu']:.2f} CPU)" for way, run in turn.items())
    print(f"{what}, round {number + 1} of {rounds}: {seconds}", file=sys.stderr)


def _ratio(rounds: list[dict[str, Any]], over: str, under: str, clock: str) -> float:
    return round(median(turn[over][clock] / turn[under][clock] for turn in rounds), 2)


def figures(record: list[dict[str, Any]], lake: list[dict[str, Any]]) -> dict[str, Any]:
    """Ratios, seconds and memory."""
    longest = HISTORIES[0]
    found: dict[str, Any] = {}
    if record:
        found |= record[-1][f"refreshed_{longest}"]["found"]
        found["ratio_to_rebuild"] = _ratio(record, f"rebuilt_{longest}", f"refreshed_{longest}", "seconds")
        found["cpu_ratio_to_rebuild"] = _ratio(record, f"rebuilt_{longest}", f"refreshed_{longest}", "cpu")
        for months in HISTORIES:
            found[f"refresh_cpu_after_{months}_months"] = round(
                median(turn[f"refreshed_{months}"]["cpu"] for turn in record), 2
            )
        found["rebuild_cpu"] = round(median(turn[f"rebuilt_{longest}"]["cpu"] for turn in record), 2)
        found["peak_mb"] = max(turn[f"refreshed_{longest}"]["peak_mb"] for turn in record)
        found["rebuild_peak_mb"] = max(turn[f"rebuilt_{longest}"]["peak_mb"] for turn in record)
    if lake:
        found["lake_journeys"] = lake[-1]["refresh"]["journeys"]
        found["lake_people_touched"] = lake[-1]["refresh"]["found"].get("people")
        for clock, prefix in (("seconds", ""), ("cpu", "cpu_")):
            found[f"lake_{prefix}ratio_to_rebuild"] = _ratio(lake, "rebuild", "refresh", clock)
        found |= {
            f"lake_{way}_{name}": round(median(turn[way][key] for turn in lake), 2)
            for way in ("refresh", "rebuild")
            for name, key in (("cpu", "cpu"), ("peak_mb", "peak_mb"))
        }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--referrals", type=int, default=1_000_000, help="of record and cube; 0 leaves them out"
    )
    parser.add_argument(
        "--lake-times", type=int, default=4, help="times the twin's people; 0 leaves the lake out"
    )
    parser.add_argument("--rounds", type=int, help="5 up to a million referrals, 3 above")
    parser.add_argument("--folder", type=Path, help="keep the data here, and use what is there")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rounds = asked.rounds or (5 if asked.referrals <= 1_000_000 else 3)
    record: list[dict[str, Any]] = []
    lake: list[dict[str, Any]] = []
    with nullcontext(asked.folder) if asked.folder else tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if asked.referrals:
            for count in (2_000, asked.referrals):
                generated(folder / str(count), count)
            record = record_rounds(folder / str(asked.referrals), folder / "2000", rounds)
        if asked.lake_times:
            lake = lake_rounds(folder / "lakes", asked.lake_times, rounds)
    found = {"rounds": rounds, **figures(record, lake)}
    gates = GATES if asked.referrals >= GATED_FROM else {}
    below = [name for name, mark in gates.items() if name in found and found[name] < mark]
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            mark = f"gate {gates[name]:g}" if name in gates else ""
            print(f"{name:32}{value!s:>14}  {mark}{'  MISSED' if name in below else ''}")
    return 1 if below else 0


def generated(folder: Path, referrals: int) -> None:
    """The Parquet files, where they are not there already."""
    if not (folder / "patients.parquet").exists():
        subprocess.run(python(f"{_MODULE}.generate", str(referrals), str(folder)), check=True)


if __name__ == "__main__":
    sys.exit(main())
