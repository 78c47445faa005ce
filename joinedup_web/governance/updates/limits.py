"""How often one address, and one client, may ask for letters.

The method is that of `api.allowance`: a burst, and then a steady rate, in the database that all workers share; here it
is of nobody, so it is kept by keyed hash.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from joinedup_web.governance.updates.models import Allowance
from joinedup_web.governance.updates.sealing import hash_of
from joinedup_web.governance.updates.telling import POST, shown

ADDRESS = (3, timedelta(hours=8))
CLIENT = (10, timedelta(minutes=6))
"""How many at once, and how long until one more may be asked for."""
NEAR = ("127.0.0.1", "::1", "")
SPEND = """
INSERT INTO updates_allowance (key, due) VALUES (%(key)s, clock_timestamp() + %(gap)s)
ON CONFLICT (key) DO UPDATE SET due = greatest(updates_allowance.due, clock_timestamp()) + %(gap)s
WHERE updates_allowance.due <= clock_timestamp() + %(ahead)s RETURNING 1
"""


def may_write_to(address: str) -> bool:
    """Whether one more letter may be asked for at this address; it is counted."""
    return _spend(hash_of("address limit", address), *ADDRESS)


def may_ask(request: HttpRequest) -> bool:
    """Whether this client may ask once more; it is counted."""
    return _spend(hash_of("client limit", client_of(request)), *CLIENT)


def client_of(request: HttpRequest) -> str:
    """The network address that asks: as our own proxy says it (its is the last entry), where it comes through one."""
    near = str(request.META.get("REMOTE_ADDR", ""))
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return told if told and near in NEAR else near


def forget() -> int:
    """Forget those who could ask as if for the first time; how many."""
    with shown(POST):
        return Allowance.objects.filter(due__lt=timezone.now()).delete()[0]


def _spend(key: str, burst: int, gap: timedelta) -> bool:
    with shown(key), connection.cursor() as cursor:
        cursor.execute(SPEND, {"key": key, "gap": gap, "ahead": gap * (burst - 1)})
        return cursor.fetchone() is not None
