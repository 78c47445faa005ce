"""Two things agreed once, for the demo. They are made up; what each trust is said to do with them is made up too."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import transaction

from joinedup_web.improvement.asset_records import ADOPTED, PLANNED, Adoption, Asset, AssetVersion
from joinedup_web.organisations.models import Person
from joinedup_web.organisations.row_security import opened

WHY, PLACE, WHO = "agreed once, in the demo", "NWL-MH", "programme@demo.invalid"
TRUSTS = ("RKL", "RV3")
LEAVE = "Missed appointments in NHS Talking Therapies"
STEP = "Step-up between guided self-help and therapy"
ASSETS = (
    (
        "policy", LEAVE, "How often somebody who did not come is asked again before their referral is closed.",
        ("2", date(2025, 1, 20), date(2026, 1, 31), "https://documents.example.invalid/missed-appointments-2"),
    ),
    (
        "pathway", STEP, "When a course is changed to the next step, and who decides it with the person.",
        ("1", date(2025, 9, 8), date(2030, 9, 30), "https://documents.example.invalid/step-up-1"),
    ),
)  # fmt: skip
SAID = {(LEAVE, "RV3"): (ADOPTED, date(2025, 3, 3)), (STEP, "RV3"): (PLANNED, date(2026, 12, 1))}


def enter_assets() -> None:
    """Enter those of the demo, once: each trust's word at that trust, as its own people would."""
    with transaction.atomic(), pghistory.context(why=WHY), opened("joinedup serve", [PLACE, *TRUSTS]):
        if Asset.objects.filter(place_id=PLACE).exists():
            return
        who = Person.objects.get(email=WHO)
        for kind, title, what, (number, agreed, review, link) in ASSETS:
            made = Asset.objects.create(
                place_id=PLACE, kind=kind, title=title, what=what, owner=who, trusts=list(TRUSTS)
            )
            version = AssetVersion.objects.create(
                asset=made, place_id=PLACE, version=number, agreed_on=agreed, review_by=review, link=link,
                written_by=who,
            )  # fmt: skip
            for trust in TRUSTS:
                if (title, trust) in SAID:
                    state, on = SAID[title, trust]
                    Adoption.objects.create(asset=made, version=version, place_id=trust, state=state, on=on)
