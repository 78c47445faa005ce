"""The code that a released number carries, and the registry that opens it again."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

LENGTH = 10


def code_of(
    measure_id: str, version: str, snapshot: int | str | None, cell: Mapping[str, Any], profile: str
) -> str:
    """Ten base32 characters that stand for one number: 50 bits of SHA-256 over what it is, whatever its
    value.
    """
    parts = [measure_id, version, snapshot, dict(cell), profile]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str)
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:LENGTH]


def registry_of(
    identity: Mapping[str, Any], released: pa.Table, count_columns: tuple[str, ...], profile: str
) -> dict[str, dict[str, Any]]:
    """Code of every row of released counts -> what it is, its counts as released, and where it came from."""
    keys = [name for name in released.column_names if name not in count_columns]
    registry = {}
    for row in released.to_pylist():
        cell = {name: row[name] for name in keys if row[name] is not None}
        measure_id = str(row.get("measure_id") or identity.get("measure_id", ""))
        version = str(row.get("version") or identity.get("version", ""))
        code = code_of(measure_id, version, identity.get("snapshot"), _whole(identity, cell), profile)
        registry[code] = {
            **identity,
            "measure_id": measure_id,
            "version": version,
            "profile": profile,
            "cell": cell,
            "counts": {name: row[name] for name in count_columns},
        }
    return registry


def _whole(identity: Mapping[str, Any], cell: Mapping[str, Any]) -> dict[str, Any]:
    """A cell with the filters around it, which are part of what the number is."""
    return {"filters": identity.get("filters", {}), **cell}
