"""What people do to what is agreed once for several trusts. Keyword-only, with `by`, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.improvement.actions import check, said
from joinedup_web.improvement.asset_records import (
    DATED,
    EXPLAINED,
    IN_USE,
    KINDS,
    STATES,
    Adoption,
    Asset,
    AssetVersion,
)
from joinedup_web.organisations.models import Person, Place
from joinedup_web.organisations.scope import Scope

SHA256 = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def register_asset(
    *, by: Scope, place: Place, kind: str, title: str, owner: Person, trusts: Sequence[str], what: str = "",
) -> Asset:  # fmt: skip
    """Enter what was agreed once, for which trusts, and who owns it. Its first version comes next."""
    check(by, "write", place.code)
    if kind not in dict(KINDS) or len(set(trusts)) < 2:
        raise YourCommand(
            "What is agreed once is for two trusts or more.", remedy="Choose the trusts it is for."
        )
    return Asset.objects.create(
        place=place, kind=kind, title=said(title, "a title"), owner=owner, trusts=sorted(set(trusts)),
        what=what.strip(),
    )  # fmt: skip


@transaction.atomic
def add_version(
    *, by: Scope, asset: Asset, version: str, agreed_on: date, review_by: date, link: str = "", sha256: str = "",
    note: str = "",
) -> AssetVersion:  # fmt: skip
    """Enter a version that was agreed: by the link to its file or the SHA-256 by which the file is known.

    Raises YourCommand for a version there is, a review before it was agreed, or neither link nor hash.
    """
    check(by, "write", asset.place_id)
    _goes_on(asset)
    known = sha256.strip().lower()
    if not (link.strip() or known) or (known and not SHA256.fullmatch(known)):
        raise YourCommand(
            "The file of a version is known by its link, or by its SHA-256 of 64 letters and digits.",
            remedy="Give one of the two.",
        )
    if review_by <= agreed_on:
        raise YourCommand("It is to be reviewed after it was agreed.", remedy="Give a later day.")
    if asset.versions.filter(version=version.strip()).exists():
        raise YourCommand("That version is entered already.", remedy="Give the new one its own number.")
    return AssetVersion.objects.create(
        asset=asset, place_id=asset.place_id, version=said(version, "a version"), agreed_on=agreed_on,
        review_by=review_by, link=link.strip(), sha256=known, note=note.strip(), written_by=by.person,
    )  # fmt: skip


@transaction.atomic
def write_adoption(
    *, by: Scope, asset: Asset, version: AssetVersion, trust: Place, state: str, on: date | None = None,
    words: str = "",
) -> Adoption:  # fmt: skip
    """Say what one's own trust does with a version. It is kept beside what the trust said before.

    Raises YourCommand for a trust it is not for, a day that is missing or does not fit, or no word on what or why.
    """
    check(by, "write", trust.code)
    _goes_on(asset)
    if trust.code not in asset.trusts or version.asset_id != asset.pk or state not in dict(STATES):
        raise YourCommand("It was not agreed for that trust.", remedy="Choose one of the trusts it is for.")
    today = timezone.localdate()
    if state in DATED and (on is None or (state in IN_USE and not version.agreed_on <= on <= today)):
        raise YourCommand(
            "It is planned for a day, or was adopted on one: since it was agreed, and not later than today.",
            remedy="Give the day.",
        )
    if state in EXPLAINED:
        said(words, "what was changed, or why it was declined")
    return Adoption.objects.create(
        asset=asset, version=version, place=trust, state=state, on=on if state in DATED else None, words=words.strip(),
        written_by=by.person,
    )  # fmt: skip


@transaction.atomic
def end_asset(*, by: Scope, asset: Asset, reason: str) -> Asset:
    """Say that it is no longer in force, and why. Its page and its history stay."""
    check(by, "write", asset.place_id)
    _goes_on(asset)
    asset.ended_on, asset.ended_why = timezone.localdate(), said(reason, "why it ends")
    with pghistory.context(why=asset.ended_why):
        asset.save(update_fields=["ended_on", "ended_why"])
    return asset


def _goes_on(asset: Asset) -> None:
    if asset.ended_on is not None:
        raise YourCommand("This is no longer in force.", remedy="Register what has taken its place.")
