"""Decides on pairs until it is killed, saying after each decision which one is acknowledged.

`python decision_writer.py FOLDER` goes on from the last decision. What decision n says follows from n alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from joinedup.linkage.decisions import Pair, decide, read_decisions

VERDICTS = ("accept", "undo", "refuse", "undo")


def said(number: int) -> tuple[Pair, str]:
    """What decision `number` (from 1) says: four in turn on each pair."""
    turn = number - 1
    return (("RV3", f"{turn // 4}"), ("RKL", f"{turn // 4}")), VERDICTS[turn % 4]


def main() -> None:
    folder = Path(sys.argv[1])
    print("ready", flush=True)
    while True:
        pair, verdict = said(len(read_decisions(folder)) + 1)
        print(decide(folder, tuple(sorted(pair)), verdict, by="tester").number, flush=True)


if __name__ == "__main__":
    main()
