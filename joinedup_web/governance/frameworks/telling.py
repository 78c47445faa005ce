"""What frameworks tell elsewhere: entries of the audit in words, and notices of what waits for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse

from joinedup_web.governance.frameworks import asking
from joinedup_web.governance.frameworks.models import SCORING, SIGNING
from joinedup_web.organisations import registering
from joinedup_web.organisations.registering import Notice
from joinedup_web.organisations.scope import Scope

VERBS = {"insert": "entered", "update": "changed", "delete": "removed"}
WORDS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "Round": ("Round of a framework", lambda row: f"{row.name}, {row.unit_id}, {row.state}"),
    "Party": ("Who takes part in a round", lambda row: row.name),
    "Sheet": ("Scores of a party", lambda row: f"{len(row.scores)} criteria, by {row.by}"),
    "Handover": ("Scores handed in", lambda row: f"by {row.by}"),
    "Agreement": ("Agreed levels", lambda row: f"{len(row.scores)} criteria, by {row.by}"),
    "Signature": ("Signature of a round", lambda row: f"{row.office}, {row.by}"),
    "PlaceForm": ("Form of a place", lambda row: f"{row.part}, {row.unit_id}, {len(row.rows)} rows"),
}


def register() -> None:
    """Add them, once."""
    for model in WORDS:
        registering.AUDITED[f"frameworks.{model}Event"] = partial(words, model)
    if notices not in registering.NOTICES:
        registering.NOTICES.append(notices)


def words(model: str, row: Any) -> str:
    """One entry of the audit."""
    title, told = WORDS[model]
    return f"{title} {VERBS.get(row.pgh_label, row.pgh_label)}: {told(row)}"


def notices(scope: Scope, on: date) -> list[Notice]:
    """Scores that are asked for, levels to be agreed once all have handed in, and levels to be signed."""
    return [*_to_score(scope), *_to_moderate(scope), *_to_sign(scope)]


def _to_score(scope: Scope) -> list[Notice]:
    return [
        Notice(
            f"{one.round.unit}, {one.round}: the scores of {one.party} are not handed in yet.",
            reverse("score_sheet", args=[one.round.pk, one.party.pk]), "Open the scores",
        )
        for one in asking.to_score(scope)
        if one.party is not None
    ]  # fmt: skip


def _to_moderate(scope: Scope) -> list[Notice]:
    if not scope.may("moderate", asking.KIND):
        return []
    own = scope.only(asking.mine(scope).filter(state=SCORING), "moderate", asking.KIND)
    return [
        Notice(
            f"{one.unit}, {one}: all have handed in. Levels can be agreed.",
            reverse("framework_round", args=[one.pk]), "Open the round",
        )
        for one in own
        if len(asking.handed_in(one)) == len(asking.parties(one))
    ]  # fmt: skip


def _to_sign(scope: Scope) -> list[Notice]:
    if not scope.may("sign", asking.KIND):
        return []
    return [
        Notice(
            f"{one.unit}, {one}: the agreed levels wait for the signature of {party}.",
            reverse("sign_round", args=[one.pk, party.pk]), "Read and sign",
        )
        for one in asking.mine(scope).filter(state=SIGNING)
        for signed in [asking.signatures(one)]
        for party in asking.parties(one)
        if party.pk not in signed and asking.may_for(scope, party, "sign")
    ]  # fmt: skip
