"""What journeys are derived with, as one fingerprint: definitions, statements and code. What was derived with other
means is never mixed with what is derived now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from joinedup.definitions.reading import FOLDER as DEFINITIONS

_CODE = Path(__file__).parent
_DEFINED = ("derivations", "pathways", "places", "returns", "thresholds")


@cache
def made_with() -> str:
    """16 hexadecimal digits that change whenever a definition, a statement or a line of the derivations does."""
    digest = hashlib.sha256()
    for root, path in _files():
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _files() -> Iterator[tuple[Path, Path]]:
    for folder in _DEFINED:
        yield from ((DEFINITIONS, path) for path in sorted((DEFINITIONS / folder).rglob("*.yaml")))
    for kind in ("*.py", "*.sql"):
        yield from ((_CODE, path) for path in sorted(_CODE.rglob(kind)))
