"""What administrators do to collaboratives: make, end, undo. Triggers write the register of places and the audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pghistory
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from joinedup.definitions.collaboratives import CODE, CollaborativeTemplate
from joinedup.errors import YourCommand
from joinedup_web.collaboratives.models import Collaborative, CollaborativeMember
from joinedup_web.organisations.models import Place, RoleHeld
from joinedup_web.organisations.row_security import tell
from joinedup_web.organisations.scope import Scope

ADMINISTRATOR = "administrator"
MEMBER, PLACE, SERVICE = "member", "place", "service"
MADE = "made this collaborative"


@dataclass(frozen=True)
class Plan:
    """A collaborative as it is to be made; `template` says what it began as."""

    template: str
    code: str
    name: str
    short_name: str
    sector: str
    lead: str
    members: tuple[str, ...]
    places: tuple[str, ...]
    services: tuple[str, ...]
    from_day: date
    source: str = ""

    @classmethod
    def of(cls, template: CollaborativeTemplate, from_day: date | None = None) -> Plan:
        """A template as it stands."""
        return cls(
            template.slug, template.code, template.name, template.short_name, template.sector, template.lead,
            template.members, template.places, template.services, from_day or template.starts_on, template.source,
        )  # fmt: skip


@transaction.atomic
def make_collaborative(*, by: Scope, plan: Plan, reason: str) -> Collaborative:
    """Make a collaborative: a place of the register from its first day, with the maker as its administrator.

    Raises YourCommand where `by` may not, the code is taken, or a member does not exist on the first day.
    """
    _check(by, "make", plan.lead, reason)
    found = _places(plan)
    with pghistory.context(why=reason):
        made = Collaborative.objects.create(
            code=plan.code, name=plan.name.strip(), short_name=plan.short_name.strip(), sector=plan.sector,
            template=plan.template, place=found[plan.lead], valid_from=plan.from_day, source=plan.source,
            reason=reason.strip(), made_by=str(by.person),
        )  # fmt: skip
        CollaborativeMember.objects.bulk_create(_members(made, plan, found))
        tell(str(by.person.pk) if by.person else "", by.places | {plan.code})
        RoleHeld.objects.create(
            person=by.person, role=ADMINISTRATOR, place_id=plan.code, given_by=str(by.person),
            valid_from=min(timezone.localdate(), plan.from_day), reason=MADE,
        )  # fmt: skip
    return made


@transaction.atomic
def end_collaborative(
    *, by: Scope, made: Collaborative, last_day: date, successor: str = "", reason: str
) -> Collaborative:
    """End a collaborative, its members with it. Its page stays, and points to the successor where there is one."""
    _check(by, "end", made.place_id, reason)
    if made.valid_to is not None:
        raise YourCommand("It has an end already.", remedy="Undo that first.")
    if last_day < made.valid_from:
        raise YourCommand("Its last day lies before its first.", remedy="Mend the day.")
    if successor and (successor == made.code or not Place.objects.filter(code=successor).exists()):
        raise YourCommand(
            "There is no other place with the successor's code.", remedy="Mend it or leave it empty."
        )
    with pghistory.context(why=reason):
        made.valid_to, made.successor = last_day, successor
        made.save(update_fields=["valid_to", "successor"])
        made.members.filter(valid_to=None).update(valid_to=last_day)
    return made


@transaction.atomic
def undo(*, by: Scope, made: Collaborative, reason: str) -> bool:
    """Take the last step back: an end, or the making where nobody else has been given a role there. Whether it stays.

    The audit keeps both the step and its undoing.
    """
    _check(by, "end", made.place_id, reason)
    with pghistory.context(why=reason):
        if made.valid_to is not None:
            made.members.filter(valid_to=made.valid_to).update(valid_to=None)
            made.valid_to, made.successor = None, ""
            made.save(update_fields=["valid_to", "successor"])
            return True
        tell(str(by.person.pk) if by.person else "", by.places | {made.code})
        held = RoleHeld.objects.filter(place_id=made.code)
        if held.exclude(reason=MADE).exists():
            raise YourCommand(
                "People have been given roles at it, so its making cannot be undone.",
                remedy="End it instead.",
            )
        held.delete()
        try:
            with transaction.atomic():
                made.delete()
                _check_references()
        except (IntegrityError, models.ProtectedError) as error:
            raise YourCommand("Other records name it already.", remedy="End it instead.") from error
    return False


def _check_references() -> None:
    """Ask the database now, not at the end of the request, whether anything still points to the place."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _places(plan: Plan) -> dict[str, Place]:
    """The places of a plan by code. Raises YourCommand for anything that does not hold together."""
    if not CODE.fullmatch(plan.code):
        raise YourCommand(
            "A code has three to twenty capital letters, digits and hyphens.", remedy="Choose another code."
        )
    if Place.objects.filter(code=plan.code).exists():
        raise YourCommand(f"The code {plan.code} is taken.", remedy="Choose another code.")
    if not plan.name.strip() or plan.lead not in plan.members:
        raise YourCommand(
            "It needs a name, and its lead provider is one of its members.", remedy="Mend the form."
        )
    found = {one.code: one for one in Place.objects.filter(code__in={*plan.members, *plan.places})}
    for code in (*plan.members, *plan.places):
        if code not in found or not found[code].holds(plan.from_day):
            name = found[code].name if code in found else code
            raise YourCommand(
                f"{name} does not exist on {plan.from_day:%-d %B %Y}.",
                remedy="Leave it out, or change the day.",
            )
    return found


def _members(made: Collaborative, plan: Plan, found: dict[str, Place]) -> list[CollaborativeMember]:
    lead = found[plan.lead]
    rows: Iterable[tuple[str, Place | None, str]] = [
        *((MEMBER, found[code], found[code].name) for code in plan.members),
        *((PLACE, found[code], found[code].name) for code in plan.places),
        *((SERVICE, None, words.strip()) for words in plan.services if words.strip()),
    ]
    return [
        CollaborativeMember(
            collaborative=made, place=lead, member=member, name=name, kind=kind, valid_from=made.valid_from
        )
        for kind, member, name in rows
    ]


def _check(by: Scope, action: str, lead: str, reason: str) -> None:
    if by.person is None or not by.may_at(action, "collaborative", lead):
        raise YourCommand("Only the administrator of the lead provider may do this.", remedy="Ask them.")
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why.")
