"""What people do to their own updates: ask, confirm, choose less, leave. No account, so no `by`: the link is the proof.

None of it is audited: the audit is never rewritten, and who leaves is erased.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from joinedup_web.governance.updates.asking import Chosen, offers
from joinedup_web.governance.updates.limits import may_write_to
from joinedup_web.governance.updates.models import Asking, Choice, Reader
from joinedup_web.governance.updates.sealing import CONFIRM, CONFIRM_WITHIN, LEAVE, hash_of, seal, signed
from joinedup_web.governance.updates.telling import shown

ADDRESS = "address"
LOOK_BACK = timedelta(days=7)
"""What a first letter tells: the week before it was asked for."""


@transaction.atomic
def ask(*, address: str, choices: Collection[Chosen]) -> None:
    """Have the one letter written that asks whether this address wants these. Nothing says whether it is known, or
    whether it was asked for too often: what happens here is the same for both, and the letter is sent by the worker.
    """
    if not may_write_to(address):
        return
    known_by, identity = hash_of(ADDRESS, address), uuid4()
    with shown(identity, known_by):
        Asking.objects.filter(known_by=known_by).delete()  # the newest link alone holds
        Asking.objects.create(
            id=identity, known_by=known_by, sealed=seal(address), choices=[list(one) for one in choices]
        )


@transaction.atomic
def confirm(*, token: str) -> Reader | None:
    """Take the choices that a letter asked about; the link holds no more. None for a link that is not ours, was used,
    or is too old."""
    identity = identity_in(CONFIRM, token, CONFIRM_WITHIN)
    if not identity:
        return None
    with shown(identity):
        asking = Asking.objects.select_for_update().filter(pk=identity).first()
        if asking is None:
            return None
        asking.delete()
    reader = _reader(asking)
    known = offers()
    with shown(reader.pk):
        rows = [
            Choice(reader=reader, kind=kind, key=key) for kind, key in asking.choices if (kind, key) in known
        ]
        Choice.objects.bulk_create(rows, ignore_conflicts=True)
    return reader


@transaction.atomic
def keep_only(*, token: str, choices: Collection[Chosen]) -> bool:
    """Keep these of a reader's choices; with none of them left, they leave. Whether they still read anything."""
    identity = identity_in(LEAVE, token)
    if not identity:
        return False
    with shown(identity):
        rows = list(Choice.objects.select_for_update().filter(reader_id=identity))
        left = [one for one in rows if (one.kind, one.key) in set(choices)]
        Choice.objects.filter(pk__in=[one.pk for one in rows if one not in left]).delete()
    if not left:
        leave(token=token)
    return bool(left)


@transaction.atomic
def leave(*, token: str) -> bool:
    """Erase a reader: address, choices, letters that wait. Doing it twice is the same. False for a link that is not
    ours."""
    identity = identity_in(LEAVE, token)
    if not identity:
        return False
    with shown(identity):
        reader = Reader.objects.select_for_update().filter(pk=identity).first()
    if reader is not None:
        with shown(identity, reader.known_by):
            Asking.objects.filter(known_by=reader.known_by).delete()
            reader.delete()
    return True


def identity_in(purpose: str, token: str, within: timedelta | None = None) -> str:
    """The id in a link; empty for one that is not ours."""
    try:
        return str(UUID(signed(purpose, token, within)))
    except ValueError:
        return ""


def _reader(asking: Asking) -> Reader:
    """The reader of an address, made where there is none. Two confirmations at once make one."""
    made = Reader(known_by=asking.known_by, sealed=asking.sealed, told_until=timezone.now() - LOOK_BACK)
    with shown(asking.known_by):
        Reader.objects.bulk_create([made], ignore_conflicts=True)
        return Reader.objects.get(known_by=asking.known_by)
