"""The worker's look at the released figures: what a newer state says of recommendations that were tested on them."""

from __future__ import annotations

import pghistory
from django.utils import timezone

from joinedup_web.governance.scrutiny.actions import figures_arrived
from joinedup_web.governance.scrutiny.asking import published, unseen
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened

WORKER = "joinedup worker"


def look_at_figures() -> int:
    """Record the newest state's figures at every tracker that has not seen them; how many rows reopened.

    Each council's trackers in a transaction of their own: what fails for one keeps nothing from another.
    """
    newest = published()
    if newest is None:
        return 0
    reopened = 0
    for place in Place.objects.values_list("code", flat=True):
        with opened(WORKER, [place]), pghistory.context(person="", address=WORKER):
            for tracker in unseen(place, newest.state):
                reopened += len(figures_arrived(tracker=tracker, published=newest, on=timezone.localdate()))
    return reopened
