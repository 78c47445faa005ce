"""Who recorded the steps of a row: names for those who may see the row."""

from __future__ import annotations

from typing import Any

from joinedup_web.governance.scrutiny.asking import named


def names_of(row: Any) -> list[str]:
    """The name of who recorded each step, in order; empty where nobody did."""
    people = list(row.steps.order_by("number").values_list("person", flat=True))
    known = named(set(people))
    return [known.get(person, "") for person in people]
