"""The initiatives of the demo: what the collaboratives' own pages tell, in our words, each with its source.

The pages name no measure, start, effect or owner of anything. Those that stand here are ours, and say so.
"""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.improvement import find_claims
from joinedup_web.improvement.checking import check_paper
from joinedup_web.improvement.models import (
    ACTION,
    MILESTONE,
    PRIORITY,
    RISK,
    STRATEGY,
    WORKSTREAM,
    Benefit,
    Initiative,
    Objective,
    Owner,
    Paper,
    PaperClaim,
    Plan,
    PlanItem,
)
from joinedup_web.organisations.models import Person
from joinedup_web.organisations.row_security import opened

WHY = "an initiative of the demo"
PLACE, WHO = "NWL-MH", "programme@demo.invalid"
SOURCE = (
    "Page of the North West London Mental Health Provider Collaborative, section on improvement initiatives"
)
STRATEGIES = "Page of the North West London Mental Health Provider Collaborative"
EIGHT = [f"E090000{number:02}" for number in (5, 9, 13, 15, 17, 18, 20, 33)]
TALKING, REHABILITATION = "Talking Therapies", "Rehabilitation"
ABOVE = {
    "Mental health, learning disability and autism in North West London": (STRATEGY, ""),
    "Less variation between boroughs": (PRIORITY, "Mental health, learning disability and autism in North West London"),
    "Care close to home instead of admission": (
        PRIORITY, "Mental health, learning disability and autism in North West London"
    ),
    TALKING: (WORKSTREAM, "Less variation between boroughs"),
    "Maternity trauma and loss": (WORKSTREAM, "Less variation between boroughs"),
    REHABILITATION: (WORKSTREAM, "Care close to home instead of admission"),
    "Work and health": (WORKSTREAM, "Care close to home instead of admission"),
}  # fmt: skip
"""Title -> kind, and the title above it."""
JOURNEYS = "A year of looking at journeys together"
REHAB = "Partnership programme for rehabilitation"
INITIATIVES = {
    JOURNEYS: (
        TALKING,
        "The clinical leads of the eight boroughs meet to share what works and what does not. They record alike now,"
        " and for a year they follow journeys, compare groups of people and boroughs, and take over what is done better"
        " elsewhere. What it is judged by below is made up for this demo: the page names no measure and no effect.",
    ),
    REHAB: (
        REHABILITATION,
        "Since 2019 social workers, mental health nurses and occupational therapists have reviewed people with the most"
        " complex needs, supported their recovery and helped others to care for them.",
    ),
    "One service for birth trauma and baby loss": (
        "Maternity trauma and loss",
        "The two trusts run one service for people after a traumatic birth or the loss of a baby, in all boroughs.",
    ),
    "One front door for help with work": (
        "Work and health",
        "A website of its own leads people with a mental health problem to help with finding or keeping work.",
    ),
}  # fmt: skip
"""Title -> workstream, and what is done."""
JUDGED = {
    "measures": ["M195"], "population": "Adults treated, in all eight boroughs", "level": "borough", "places": EIGHT,
    "own_trend": True, "start": "2025-04", "expected": 0.05, "worthwhile": 0.02,
}  # fmt: skip
ITEMS = (
    (
        MILESTONE, "All eight services record alike",
        {"due": date(2025, 3, 31), "ended_on": date(2025, 3, 31), "ended_how": "Agreed by the clinical leads"},
    ),
    (MILESTONE, "Report on a year of journeys", {"due": date(2026, 6, 30)}),
    (ACTION, "Each month one service shows the others what it does differently", {"due": date(2026, 12, 31)}),
    (
        RISK, "Services still record differently, so that differences are of recording and not of care",
        {"likelihood": 3, "impact": 4, "mitigation": "The data quality page is read before figures are compared"},
    ),
)  # fmt: skip
PAPER = "The rehabilitation programme, as its page tells it (in our words)"
TEXT = (
    "Over four years the average stay in costly acute settings halved, from 3.4 years to 1.5."
    " The use of independent hospital placements was reduced by 20%."
)


def enter_initiatives() -> None:
    """Enter those of the demo, once."""
    with transaction.atomic(), pghistory.context(why=WHY), opened("joinedup serve", [PLACE]):
        if Initiative.objects.filter(place_id=PLACE).exists():
            return
        objectives: dict[str, Objective] = {}
        for title, (kind, above) in ABOVE.items():
            objectives[title] = Objective.objects.create(
                place_id=PLACE, kind=kind, title=title, above=objectives.get(above), source=STRATEGIES
            )
        for title, (workstream, what) in INITIATIVES.items():
            made = Initiative.objects.create(
                place_id=PLACE, workstream=objectives[workstream], title=title, what=what, source=SOURCE
            )
            _plan(made)
        _paper()


def _plan(made: Initiative) -> None:
    """What it is judged by, who owns it, what is to be done."""
    who = Person.objects.get(email=WHO)
    judged = made.title == JOURNEYS
    Plan.objects.create(
        initiative=made, place_id=PLACE, version=1, story=not judged, written_by=who,
        declared_on=date(2025, 3, 3), **(JUDGED if judged else {}),
    )  # fmt: skip
    for trust in ("RV3", "RKL"):
        Owner.objects.create(initiative=made, place_id=PLACE, trust_id=trust, person=who)
    for kind, text, more in ITEMS if judged else ():
        PlanItem.objects.create(
            initiative=made, place_id=PLACE, kind=kind, text=text, who="Clinical leads of the eight services", **more
        )  # fmt: skip
    if made.title == REHAB:  # as the page has it: without an owner or a method it is not published
        Benefit.objects.create(
            initiative=made, place_id=PLACE, text="Average stay in acute settings", unit="years", number=1.5,
            baseline=3.4,
        )  # fmt: skip


def _paper() -> None:
    """The two claims of the page, for which no data are held: anyone may read that."""
    public = {"shared": True, "public_since": timezone.now()}
    paper = Paper.objects.create(place_id=PLACE, title=PAPER, source=SOURCE, paragraphs=1, **public)
    for order, one in enumerate(find_claims([TEXT]), 1):
        PaperClaim.objects.create(
            paper=paper, place_id=PLACE, order=order, paragraph=one.paragraph, number=one.number,
            sentence=one.sentence, begins=one.quantity.start, figure=one.quantity.figure,
        )  # fmt: skip
    check_paper(paper, None)
