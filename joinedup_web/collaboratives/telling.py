"""What collaboratives tell elsewhere: entries of the audit in words, and the members of places made here."""

from __future__ import annotations

from typing import Any

from joinedup_web.collaboratives.asking import members_of
from joinedup_web.organisations import registering


def register() -> None:
    """Add them, once."""
    registering.AUDITED["collaboratives.CollaborativeEvent"] = of_collaborative
    registering.AUDITED["collaboratives.CollaborativeMemberEvent"] = of_member
    if members_of not in registering.MEMBERS:
        registering.MEMBERS.append(members_of)


def of_collaborative(row: Any) -> str:
    """One entry about a collaborative."""
    return f"Collaborative {_verb(row)}: {row.name} ({row.code}), led by {row.place_id}{_until(row)}"


def of_member(row: Any) -> str:
    """One entry about a member."""
    return f"{row.kind.capitalize()} of a collaborative {_verb(row)}: {row.name}{_until(row)}"


def _verb(row: Any) -> str:
    return {"insert": "made", "update": "changed", "delete": "taken back"}.get(
        row.pgh_label, str(row.pgh_label)
    )


def _until(row: Any) -> str:
    return f" until {row.valid_to:%-d %B %Y}" if row.valid_to else ""
