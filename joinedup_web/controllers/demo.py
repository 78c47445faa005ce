"""The controllers of the demo: the two trusts of the twin, and Hounslow's community services before they moved."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import transaction

from joinedup_web.controllers.models import Controllership
from joinedup_web.organisations.row_security import opened

WHY = "a controller of the demo"
# dataset, records of, controller, from. HRCH's start is that of the register; the day of the others is ours.
ENTERED = (
    ("talking_therapies", "RV3", "RV3", date(2018, 5, 25)),
    ("talking_therapies", "RKL", "RKL", date(2018, 5, 25)),
    ("community_services", "E09000018", "RY9", date(2018, 5, 25)),
)


def enter_controllers() -> None:
    """Enter those that are not there yet."""
    for dataset, covers, place, day in ENTERED:
        with transaction.atomic(), pghistory.context(why=WHY), opened("joinedup serve", [place]):
            Controllership.objects.get_or_create(
                dataset=dataset, covers_id=covers, place_id=place, valid_from=day,
                defaults={"basis": "direct_care", "reason": WHY, "entered_by": "joinedup serve"},
            )  # fmt: skip
