"""Requests for information and what happened to each. People change them through `actions.py` only.

There is no field for who asked, and none may be made of one.
"""

from __future__ import annotations

import pghistory
from django.db import models

from joinedup_web.governance.scrutiny.chains import Chain, Link


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Request(Chain):
    """A request that a council received. Where it stands follows from its steps."""

    public_since = models.DateField(null=True, blank=True)


@pghistory.track(pghistory.InsertEvent())
class RequestStep(Link):
    """One event of a request. Added, never changed."""

    of = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")

    class Meta:  # noqa: D106
        constraints = (models.UniqueConstraint(fields=["of", "number"], name="request_steps_follow"),)
