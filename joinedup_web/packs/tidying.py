"""What is done every hour: packs of long ago go, with the notes that stood in them; their rows say that they were."""

from __future__ import annotations

import time
from datetime import timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened
from joinedup_web.packs import files, models
from joinedup_web.packs.making import WORKER
from joinedup_web.packs.models import Pack, Template

KEPT_DAYS = 90
"""Days that the files of a pack are kept: it can be made again as long as its state is the newest."""
TOO_OLD = f"Files are kept for {KEPT_DAYS} days."


def tidy(*, older_than: float = 3600.0) -> int:
    """Remove packs that are too old, and files of no row that nobody wrote to for `older_than` seconds; how many."""
    places = list(Place.objects.values_list("code", flat=True))
    with opened(WORKER, places), pghistory.context(why=TOO_OLD):
        before = timezone.now() - timedelta(days=KEPT_DAYS)
        gone = [
            taken_away(one, TOO_OLD) for one in Pack.objects.filter(state=models.READY, made_at__lt=before)
        ]
        kept = {str(pk) for pk in Pack.objects.exclude(state=models.REMOVED).values_list("pk", flat=True)}
        looks = Template.objects.filter(ended_at=None) | Template.objects.filter(
            pk__in=Pack.objects.filter(state__in=models.UNDER_WAY).values("template_id")
        )
        named = {f"{one.sha256}{one.kind}" for one in looks}
    return len(gone) + files.sweep(kept, named, before=time.time() - older_than)


def taken_away(found: Pack, why: str) -> Pack:
    """The row without files and notes, saying why. The files go once this is certain."""
    found.state, found.message, found.commentary, found.files = models.REMOVED, why, [], []
    found.save(update_fields=["state", "message", "commentary", "files"])
    transaction.on_commit(lambda: files.remove_pack(found.pk))
    return found
