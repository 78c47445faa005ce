"""Operations on the register of organisations and places, and on whoever asks."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from joinedup_web.api.answering import Page, PageAsked, operation, paged
from joinedup_web.api.asking import kinds_open_to
from joinedup_web.api.problems import Refused
from joinedup_web.organisations import asking
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.scope import scope_in

router = Router(tags=["Places and people"])
Code = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9-]{1,20}$", description="national code of the place, such as RV3")
]


class PlacesAsked(PageAsked):
    """Which places."""

    on: date | None = Field(None, description="the day whose map is asked for; today where none is")
    level: str | None = Field(None, max_length=30, description="kind of place, such as trust or borough")


class PlaceOut(Schema):
    """An organisation or place of the register."""

    code: str = Field(description="national code (ODS, or GSS for boroughs)")
    name: str = Field(description="full name")
    short_name: str = Field(description="name where there is little room; may be empty")
    level: str = Field(description="kind of place, such as trust, service, borough, icb")
    valid_from: date | None = Field(description="first day; null: before our sources")
    valid_to: date | None = Field(description="last day; null: it still holds")
    successor: str = Field(description="code of where most of it is now; empty where it still holds")
    source: str = Field(description="where this is known from")


class PlaceHistory(PlaceOut):
    """A place with what came before it and after it."""

    lines: list[str] = Field(description="the lineage, oldest first, one line a place or step")


class PlacesPage(Page):
    """Places as at a day."""

    on: date = Field(description="the day")
    items: list[PlaceOut]


class RoleOut(Schema):
    """A role that is held today."""

    role: str = Field(description="name of the role in the policy table")
    title: str = Field(description="the role in words")
    place: str = Field(description="national code of where it is held")


class TokenOut(Schema):
    """The token that is used."""

    name: str
    kinds: list[str] = Field(description="kinds of thing that it was made for")
    expires: date = Field(description="last day on which it opens anything")


class Me(Schema):
    """Whoever asks, and what is open to them here."""

    name: str = Field(description="name or address of the person")
    roles: list[RoleOut]
    token: TokenOut | None = Field(description="null where a session asks")
    kinds: list[str] = Field(description="kinds of thing that may be read now: by the token and by the roles")


def _today(request: HttpRequest) -> str:
    return timezone.localdate().isoformat()


@router.get(
    "/places", url_name="api_places", operation_id="places", summary="Places as at a day", response=PlacesPage
)
@operation(_today)
def places(request: HttpRequest, asked: Query[PlacesAsked]) -> dict[str, Any]:
    """The register of organisations and places: trusts, services, boroughs, councils, partnerships, boards."""
    day = asked.on or timezone.localdate()
    found = [place for _, level in asking.register(day) for place in level]
    if asked.level is not None:
        if asked.level not in asking.LEVELS:
            raise Refused(404, "There is no such kind of place.", f"Use one of {', '.join(asking.LEVELS)}.")
        found = [place for place in found if place.level == asked.level]
    return {"on": day, **paged(request, asked, found)}


@router.get(
    "/places/{code}", url_name="api_place", operation_id="place", summary="One place", response=PlaceHistory
)
@operation(_today)
def place(request: HttpRequest, code: Code) -> dict[str, Any]:
    """One organisation or place, also one that has closed: since when, and what came before and after."""
    found: Place | None = asking.place_of(code)
    if found is None:
        raise Refused(404, "There is no place with this code.", "Codes are those that /api/v1/places lists.")
    told = {name: getattr(found, name) for name in PlaceOut.model_fields}
    return {**told, "lines": list(asking.lineage(found))}


def _whoever(request: HttpRequest) -> str:
    scope = scope_in(request)
    token = getattr(request, "token", None)
    return repr((str(scope.person), scope.held, token and (token.name, token.kinds), _today(request)))


@router.get("/me", url_name="api_me", operation_id="me", summary="Whoever asks", response=Me)
@operation(_whoever)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who asks, by which token, and what is open to them: the first thing to look at where something is refused."""
    scope, roles, token = scope_in(request), load_policy().roles, getattr(request, "token", None)
    held = [{"role": one.role, "title": roles[one.role].title, "place": one.place} for one in scope.held]
    shown = token and {"name": token.name, "kinds": token.kinds, "expires": token.expires}
    return {"name": str(scope.person), "roles": held, "token": shown, "kinds": list(kinds_open_to(scope))}
