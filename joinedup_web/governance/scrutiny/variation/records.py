"""Proposals and what happened to each. People change them through `actions.py` only."""

from __future__ import annotations

import pghistory
from django.db import models

from joinedup_web.governance.scrutiny.chains import Chain, Link


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Proposal(Chain):
    """A proposal as a committee follows it. Where it stands follows from its steps."""

    committee = models.CharField(max_length=200)


@pghistory.track(pghistory.InsertEvent())
class ProposalStep(Link):
    """One event of a proposal. Added, never changed."""

    of = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")

    class Meta:  # noqa: D106
        constraints = (models.UniqueConstraint(fields=["of", "number"], name="proposal_steps_follow"),)
