"""What packs tell elsewhere: entries of the audit in words."""

from __future__ import annotations

from typing import Any

from joinedup_web.organisations import registering

STATES = {
    "waiting": "asked for", "making": "being made", "ready": "made", "failed": "could not be made",
    "removed": "files removed",
}  # fmt: skip


def register() -> None:
    """Add them, once."""
    registering.AUDITED["packs.PackEvent"] = of_pack
    registering.AUDITED["packs.TemplateEvent"] = of_template


def of_pack(row: Any) -> str:
    """One entry about a pack."""
    return f"Pack ({row.layout}, {row.period}): {STATES.get(row.state, row.state)}"


def of_template(row: Any) -> str:
    """One entry about a template."""
    return f"Template of packs {'ended' if row.ended_at else 'kept'}: {row.name}"
