"""Telling the database whose rows of updates are asked for, for as long as a block runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

POST = "post"
"""The worker: every row."""


@contextmanager
def shown(*names: object) -> Iterator[None]:
    """A transaction in which the database shows and takes rows of these ids and hashes, and no others. Within another
    such block, that one's hold again afterwards."""
    with transaction.atomic():
        before = _tell(",".join(str(name) for name in names))
        try:
            yield
        finally:
            if not connection.needs_rollback:
                _tell(before)


def _tell(names: str) -> str:
    """Tell the database; what it was told before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('joinedup.updates', true), '')")
        (before,) = cursor.fetchone() or ("",)
        cursor.execute("SELECT set_config('joinedup.updates', %s, true)", [names])
    return str(before)
