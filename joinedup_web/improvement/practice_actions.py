"""What people do with best practice. Keyword-only, with `by`, in one transaction; triggers write the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from joinedup.equity.practice_rules import WORTHWHILE
from joinedup.errors import YourCommand
from joinedup_web.improvement.actions import Declared, check, declare_plan, said, write_initiative
from joinedup_web.improvement.models import Objective, Plan
from joinedup_web.improvement.practice_records import PracticeNote
from joinedup_web.improvement.released import PublishedHeld, State, name_of
from joinedup_web.improvement.replication import POINTS, predicted
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope


@transaction.atomic
def write_practice_note(*, by: Scope, place: Place, measure: str, where: str, text: str) -> PracticeNote:
    """Write down what they do differently. It is kept as it stands, with who wrote it and when."""
    check(by, "write", place.code)
    return PracticeNote.objects.create(
        place=place, measure_id=measure, where=where, text=said(text, "what they do differently"), written_by=by.person
    )  # fmt: skip


@transaction.atomic
def replicate_practice(
    *, by: Scope, place: Place, answer: Mapping[str, Any], better: str, workstream: Objective, what: str, at: str,
    start: str, population: str, state: State,
) -> Plan:  # fmt: skip
    """Make an initiative that does in another place what is done where people really do better, with its plan.

    What is hoped for is the difference drawn towards the whole, in no case more than was seen; it is judged after
    twelve months beside the places where it is not done. Raises YourCommand where nobody shows the place to be really
    better, or no figures are released to predict from.
    """
    found = next((one for one in answer["places"] if one["place"] == better and one["named"]), None)
    if found is None:
        raise YourCommand(
            "Nothing shows that people there really do better.",
            remedy="Look at the finding first; until then, enter an initiative of its own.",
        )
    if at == better:
        raise YourCommand("It is done there already.", remedy="Choose another place.")
    measure, level = str(answer["measure_id"]), str(answer["by"])
    effect = max(round((found["estimate"] - found["others"]) / 100, 4), WORTHWHILE)
    made = write_initiative(
        by=by, place=place, workstream=workstream, title=f"{answer['title']} as in {name_of(better)}: {name_of(at)}",
        what=what, source=f"Best practice, {answer['period']}: number {found['code']}",
    )  # fmt: skip
    counts = PublishedHeld(state).monthly(measure, level=level)
    held = tuple(dict.fromkeys(counts.place)) if counts is not None else ()
    others = tuple(code for code in held if code not in (at, better))
    return declare_plan(by=by, initiative=made, plan=Declared(
        measures=(measure,), population=population, level=level, places=(at,), comparison=others, own_trend=not others,
        start=start, expected=effect, worthwhile=WORTHWHILE, judged_after=POINTS,
        predicted={measure: predicted(level, measure, at, effect, start, state)},
    ))  # fmt: skip
