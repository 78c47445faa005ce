"""How often one may ask: an allowance that refills steadily, kept in PostgreSQL so that all workers share it.

The method is the generic cell rate algorithm: `due` is when everything asked so far will have been made good at the
steady rate; whoever is more than a burst ahead of the clock waits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

SPEND = """
INSERT INTO api_allowance (key, person_id, due)
VALUES (%(key)s, %(person)s, clock_timestamp() + %(gap)s * interval '1 second')
ON CONFLICT (key) DO UPDATE
SET due = greatest(api_allowance.due, clock_timestamp()) + %(gap)s * interval '1 second'
WHERE api_allowance.due <= clock_timestamp() + %(ahead)s * interval '1 second'
RETURNING extract(epoch FROM due - clock_timestamp())
"""
WAIT = "SELECT extract(epoch FROM due - clock_timestamp()) FROM api_allowance WHERE key = %(key)s"


@dataclass(frozen=True)
class Allowed:
    """Whether this request may be answered, how many more may at once, and seconds until that changes.

    `wait` is 0 where it may be answered; `full` is when the whole burst is there again.
    """

    left: int
    full: int
    wait: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says of it (RateLimit fields of the IETF's draft)."""
        a_minute, burst = settings.API_RATE
        told = {
            "RateLimit-Policy": f'"default";q={burst};w={math.ceil(60 * burst / a_minute)}',
            "RateLimit": f'"default";r={self.left};t={self.full}',
        }
        return {**told, "Retry-After": str(self.wait)} if self.wait else told


def spend(key: str, person: str) -> Allowed:
    """Take one request of the allowance of `key`. The database must know who asks, and commit whatever follows."""
    a_minute, burst = settings.API_RATE
    gap = 60 / a_minute
    told = {"key": key, "person": person, "gap": gap, "ahead": gap * (burst - 1)}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")  # a crash may forget a few requests, no more
        cursor.execute(SPEND, told)
        row = cursor.fetchone()
        if row is not None:
            ahead = float(row[0])
            return Allowed(max(0, math.floor(burst - ahead / gap)), math.ceil(ahead))
        cursor.execute(WAIT, told)
        ahead = float((cursor.fetchone() or (0,))[0])
    return Allowed(0, math.ceil(ahead), max(1, math.ceil(ahead - gap * (burst - 1))))
