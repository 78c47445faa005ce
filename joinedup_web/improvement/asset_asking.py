"""What pages ask of what is agreed once: each trust's word on a day, how many have adopted it, what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from joinedup_web.improvement.asset_records import IN_USE, PLANNED, Adoption, Asset, AssetVersion
from joinedup_web.organisations.asking import named_places
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope


@dataclass(frozen=True)
class Word:
    """What a trust says; `said` is None while it has said nothing. `behind`: in use there in an earlier version."""

    trust: Place
    said: Adoption | None
    in_use: bool
    behind: bool


@dataclass(frozen=True)
class Standing:
    """An asset on a day: the version in force, each trust's word, and whether its review is overdue."""

    asset: Asset
    version: AssetVersion | None
    words: tuple[Word, ...]
    overdue: bool

    @property
    def adopted(self) -> int:
        """Trusts in which it is in use."""
        return sum(word.in_use for word in self.words)

    @property
    def share(self) -> str:
        """How many trusts have adopted it, of how many."""
        many = len(self.words)
        return f"{self.adopted} of {many} trusts ({100 * self.adopted / many:.0f}%)" if many else "no trust"


def assets(on: date) -> list[Standing]:
    """Everything agreed once, as it stood on a day: everyone whose role sees initiatives reads it."""
    return [_standing(one, on) for one in _rows()]


def standing_of(identity: Any, on: date) -> Standing | None:
    """One of them; None for one that is not there."""
    found = _rows().filter(pk=identity).first()
    return _standing(found, on) if found is not None else None


def own_asset(scope: Scope, identity: Any) -> Asset | None:
    """An asset at a place where this person writes; None for any other, as if it did not exist."""
    rows = scope.only(Asset.objects.select_related("place"), "write", "initiative")
    return rows.filter(pk=identity).first()


def own_trusts(scope: Scope, asset: Asset) -> list[Place]:
    """Trusts of an asset for which this person may speak."""
    return named_places(frozenset(asset.trusts) & scope.places_for("write", "initiative"))


def adoptions(asset: Asset) -> list[Adoption]:
    """Everything that trusts have said, the newest first."""
    return list(asset.adoptions.select_related("place", "version", "written_by").order_by("-written_at"))


def versions(asset: Asset) -> list[AssetVersion]:
    """Versions, the newest first."""
    return list(asset.versions.select_related("written_by").order_by("-agreed_on", "-written_at"))


def overdue_for(scope: Scope, on: date) -> list[Standing]:
    """What is overdue for review and owned by this person, or kept at a place where they write."""
    own = scope.places_for("write", "initiative")
    return [
        one
        for one in assets(on)
        if one.overdue
        and (one.asset.owner_id == getattr(scope.person, "pk", None) or one.asset.place_id in own)
    ]


def _rows() -> Any:
    versions = Prefetch("versions", AssetVersion.objects.order_by("-agreed_on", "-written_at"), "dated")
    said = Prefetch("adoptions", Adoption.objects.select_related("version").order_by("-written_at"), "said")
    return Asset.objects.select_related("place", "owner").prefetch_related(versions, said).order_by("title")


def _standing(asset: Any, on: date) -> Standing:
    current = next((one for one in asset.dated if one.agreed_on <= on), None)
    words = tuple(_word(trust, asset.said, current, on) for trust in named_places(frozenset(asset.trusts)))
    open_then = asset.ended_on is None or asset.ended_on > on
    return Standing(asset, current, words, bool(current and open_then and current.review_by < on))


def _word(trust: Place, said: list[Adoption], current: AssetVersion | None, on: date) -> Word:
    """The newest word that held on the day. An adoption holds from its day until the trust says otherwise: what is
    planned of a newer version does not undo it."""
    own = [one for one in said if one.place_id == trust.code and _from(one) <= on]
    last = next((one for one in own if one.state != PLANNED), None)
    used = last if last is not None and last.state in IN_USE else None
    return Word(trust, own[0] if own else None, used is not None, bool(used and used.version != current))


def _from(one: Adoption) -> date:
    """The day from which a word holds: an adoption from its own, anything else from when it was written."""
    return one.on if one.on is not None and one.state in IN_USE else timezone.localdate(one.written_at)
