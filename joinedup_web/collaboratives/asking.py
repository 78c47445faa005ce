"""What pages ask about collaboratives: each question begins at a scope."""

from __future__ import annotations

from joinedup_web.collaboratives.models import Collaborative, CollaborativeMember
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.registering import MemberHeld
from joinedup_web.organisations.scope import Scope

KINDS = {"member": "trust", "place": "borough", "service": "service"}


def made() -> list[Collaborative]:
    """Every collaborative made here, the newest first: everyone who has signed in may read it."""
    return list(Collaborative.objects.select_related("place").order_by("-valid_from", "name"))


def one_of(scope: Scope, action: str, code: str) -> Collaborative | None:
    """A collaborative whose lead provider is one's own to act for; None for any other, as if it did not exist."""
    rows = scope.only(Collaborative.objects.select_related("place"), action, "collaborative")
    return rows.filter(code=code).first()


def members_of(code: str) -> list[MemberHeld]:
    """Trusts, boroughs and services of a collaborative made here; nothing for any other place."""
    rows = CollaborativeMember.objects.filter(collaborative__code=code).order_by("name")
    order = list(KINDS)
    return [
        MemberHeld(row.member_id or "", row.name, KINDS[row.kind], row.valid_from, row.valid_to)
        for row in sorted(rows, key=lambda row: order.index(row.kind))
    ]


def of_level(level: str) -> list[tuple[str, str]]:
    """Code and name of every place of a level, closed ones too: a collaborative may have begun before they closed."""
    return list(Place.objects.filter(level=level).order_by("name").values_list("code", "name"))
