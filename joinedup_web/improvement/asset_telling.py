"""Reviews that are overdue, on the front page of whoever owns or keeps what was agreed once."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from joinedup_web.improvement.asset_asking import overdue_for
from joinedup_web.organisations.registering import Notice
from joinedup_web.organisations.scope import Scope


def overdue_notices(scope: Scope, on: date) -> list[Notice]:
    """One for each review that is overdue."""
    if scope.person is None or not scope.may("see", "initiative"):
        return []
    return [
        Notice(
            f"A review is overdue: {one.asset.title}, version {one.version.version}, was to be reviewed by "
            f"{one.version.review_by:%-d %B %Y}.",
            reverse("asset", args=[one.asset.pk]),
            "Open it",
        )
        for one in overdue_for(scope, on)
        if one.version is not None
    ]
