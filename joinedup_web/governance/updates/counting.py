"""How many letters were written, sent and skipped: numbers for whoever runs the workspace, and nobody's address."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from joinedup_web.governance.updates.models import Asking, Digest, Reader, Week
from joinedup_web.governance.updates.telling import POST, shown

WEEKS = 12


def counts() -> dict[str, Any]:
    """Readers, addresses that are not confirmed, letters that wait or were given up, and the last weeks."""
    with shown(POST):
        went = Digest.objects.exclude(sent_at=None).values("week").annotate(many=Count("pk"))
        sent = {one["week"]: one["many"] for one in went}
        return {
            "readers": Reader.objects.count(),
            "unconfirmed": Asking.objects.count(),
            "waiting": Digest.objects.filter(sent_at=None).count() + Asking.objects.filter(sent_at=None).count(),
            "weeks": [
                {"week": f"{one.monday:%Y-%m-%d}", "written": one.written, "sent": sent.get(one.monday, 0),
                 "skipped": one.skipped}
                for one in Week.objects.order_by("-monday")[:WEEKS]
            ],
        }  # fmt: skip
