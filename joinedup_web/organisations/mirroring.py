"""The register of organisations and places, mirrored from the definitions so that rows can point to it."""

from __future__ import annotations

from datetime import date

from joinedup.definitions import Places
from joinedup_web.organisations.models import Place

FIELDS = ("name", "short_name", "level", "valid_from", "valid_to", "successor", "source")


def mirror_register() -> int:
    """Write every place of the definitions, new or changed; how many there are. Places are never removed."""
    register = Places.load()
    rows = [
        Place(
            code=place.code, name=place.name, short_name=place.short_name, level=place.level,
            valid_from=place.valid_from, valid_to=place.valid_to, source=place.source,
            successor=_successor(register, place.code),
        )
        for place in register.places
    ]  # fmt: skip
    Place.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=FIELDS)
    return len(rows)


def _successor(register: Places, code: str) -> str:
    """Where most of it is now; empty where it still holds, or nobody is known."""
    found = register.successor_of(code, date.max)
    return "" if found == code else found
