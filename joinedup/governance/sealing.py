"""Seals over events: a kept row of events whose seals differ was altered after it was recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from joinedup.governance.evidence import Frozen


def seals_of(events: Iterable[Frozen]) -> tuple[str, ...]:
    """A sha256 in hex for each event, over its JSON form and the seal before it."""
    seals: list[str] = []
    for event in events:
        text = json.dumps(event.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        seals.append(hashlib.sha256(f"{seals[-1] if seals else ''}{text}".encode()).hexdigest())
    return tuple(seals)
