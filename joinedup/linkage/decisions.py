"""What reviewers decided of pairs: an append-only ledger, one sealed file a decision, each naming the one before.

A decision is acknowledged when its file is on the disk. Nothing is changed or taken away: an undo is a decision too,
and gives back what stood before. Pairs are named by source and local identifier, so that decisions outlast a new
linkage of the same indexes.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from joinedup.errors import LakeDamaged, YourCommand
from joinedup.lake.durable import create_once, fingerprint, sealed, unsealed

Verdict = Literal["accept", "refuse", "undo"]
Name = tuple[str, str]
Pair = tuple[Name, Name]
VERDICTS: tuple[str, ...] = get_args(Verdict)
_DIGITS = 8
_RESTORE = "restore the folder of decisions from its last backup"


@dataclass(frozen=True)
class Decision:
    """One decision: its number from 1, the pair (the lower name first), the verdict, who, when (UTC), why."""

    number: int
    pair: Pair
    verdict: Verdict
    by: str
    at: datetime
    why: str
    previous: str | None


def pair_of(one: Name, other: Name) -> Pair:
    """Two records, the lower name first."""
    first, second = sorted((one, other))
    return first, second


def item_of(pair: Pair) -> str:
    """The code of a pair: 10 base32 characters of a hash over both names."""
    told = json.dumps(pair, ensure_ascii=True).encode()
    return base64.b32encode(hashlib.sha256(told).digest())[:10].decode()


def read_decisions(folder: Path) -> tuple[Decision, ...]:
    """Every decision, in order; none where the folder is absent. LakeDamaged where one is missing or altered."""
    numbered = sorted(folder.glob("[0-9]*.json")) if folder.is_dir() else []
    decisions: list[Decision] = []
    previous = None
    for number, path in enumerate(numbered, start=1):
        content = path.read_bytes()
        decision = _read(content, path, number)
        if decision.previous != previous:
            raise LakeDamaged(f"decision {number} does not follow the one before it", remedy=_RESTORE)
        decisions.append(decision)
        previous = fingerprint(content)
    return tuple(decisions)


def decide(
    folder: Path, pair: Pair, verdict: Verdict, *, by: str, why: str = "", at: datetime | None = None
) -> Decision:
    """Write a decision down; on return it survives a power cut.

    Raises YourCommand where `by` is empty, where the verdict stands already, or where there is nothing to undo.
    """
    if not by.strip():
        raise YourCommand("a decision needs the name of who takes it", remedy="say --by NAME")
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        before = read_decisions(folder)
        _check(standing(before).get(pair), verdict)
        previous = fingerprint(_path(folder, len(before)).read_bytes()) if before else None
        decision = Decision(len(before) + 1, pair, verdict, by, at or datetime.now(UTC), why, previous)
        create_once(_path(folder, decision.number), _bytes(decision))
    return decision


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else is deciding; the system lets go if the process dies."""
    handle = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def standing(decisions: Iterable[Decision]) -> Mapping[Pair, Verdict]:
    """What holds of each pair that somebody decided on, undone ones left out."""
    stacks: dict[Pair, list[Verdict]] = {}
    for decision in decisions:
        stack = stacks.setdefault(decision.pair, [])
        if decision.verdict == "undo":
            stack.pop()
        else:
            stack.append(decision.verdict)
    return {pair: stack[-1] for pair, stack in stacks.items() if stack}


def _check(held: Verdict | None, verdict: Verdict) -> None:
    if verdict not in VERDICTS:
        raise YourCommand(f"{verdict} is no verdict", remedy=f"say one of: {', '.join(VERDICTS)}")
    if verdict == "undo" and held is None:
        raise YourCommand("there is nothing to undo on this pair", remedy="see `joinedup persons review`")
    if verdict == held:
        raise YourCommand(
            f"{verdict} stands already on this pair", remedy="undo it first to decide otherwise"
        )


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:0{_DIGITS}d}.json"


def _bytes(decision: Decision) -> bytes:
    return sealed({**asdict(decision), "at": decision.at.isoformat()})


def _read(content: bytes, path: Path, number: int) -> Decision:
    try:
        held = unsealed(content)
        first, second = (_name(part) for part in held["pair"])
        decision = Decision(**{**held, "pair": (first, second), "at": datetime.fromisoformat(held["at"])})
        if decision.number != number or path.name != _path(path.parent, number).name:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise LakeDamaged(f"decision {path.name} is missing or was altered", remedy=_RESTORE) from None
    return decision


def _name(part: Sequence[str]) -> Name:
    source, local_id = part
    return source, local_id
