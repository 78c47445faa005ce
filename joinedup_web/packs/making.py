"""What the job does: a pack in a process of its own. Killed at any moment, it can be run again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pghistory
from django.conf import settings
from django.utils import timezone
from procrastinate.exceptions import JobAborted

from joinedup.errors import OurFault
from joinedup_web.organisations.row_security import opened
from joinedup_web.packs import files, models
from joinedup_web.packs.models import Pack

WORKER = "joinedup itself"
STOPPED = (-signal.SIGTERM, 128 + signal.SIGTERM)
OURS = (
    "Something went wrong on our side, and no file was made. Make it again, then tell whoever runs joinedup."
)
NO_LAKE = "This workspace has no lake. Tell whoever runs joinedup: serve it with --lake."


def make(identity: str, place: str) -> None:
    """Make a pack that was asked for. Raises OurFault where its process ends badly."""
    found = _begin(identity, place)
    if found is None:
        return
    if settings.ENVIRONMENT.lake is None:
        _end(found, models.FAILED, "no lake", message=NO_LAKE)
        return
    last: Mapping[str, Any] = {}
    try:
        for last in _process(request_of(found)):
            if "step" in last:
                _tell(found, last)
    except OurFault:
        _end(found, models.FAILED, "failed", message=OURS)
        raise
    answered(found, last)


def answered(found: Pack, told: Mapping[str, Any]) -> None:
    """Write down what the process said last."""
    if "failed" in told:
        _end(found, models.FAILED, "failed", message=f"{told['failed']} {told['remedy']}".strip())
    elif "files" in told:
        kept = {name: told[name] for name in ("files", "titles", "left_out")}
        _end(found, models.READY, "made", made_at=timezone.now(), **kept)
    else:
        _end(found, models.FAILED, "failed", message=OURS)


def request_of(found: Pack) -> dict[str, Any]:
    """What the process is asked."""
    look = found.template
    return {
        "lake": str(settings.ENVIRONMENT.lake or ""), "layout": found.layout, "period": found.period,
        "formats": found.formats, "notes": found.commentary, "snapshot": found.snapshot,
        "template": str(files.template_path(look.sha256, look.kind)) if look else "",
        "folder": str(files.of_pack(found.pk)),
    }  # fmt: skip


def give_up(identity: str, place: str) -> None:
    """A job that stopped its worker again and again is not tried any more."""
    with opened(WORKER, [place]):
        found = Pack.objects.filter(pk=identity, state__in=models.UNDER_WAY).first()
    if found is not None:
        _end(found, models.FAILED, "stopped the worker too often", message=OURS)


def _begin(identity: str, place: str) -> Pack | None:
    with opened(WORKER, [place]), pghistory.context(why="the making began"):
        rows = Pack.objects.select_for_update(of=("self",)).select_related("template")
        found: Pack | None = rows.filter(pk=identity, state__in=models.UNDER_WAY).first()
        if found is not None:
            found.state, found.step, found.message = models.MAKING, "Opening the lake", ""
            found.save(update_fields=["state", "step", "message"])
        return found


def _tell(found: Pack, told: Mapping[str, Any]) -> None:
    with opened(WORKER, [found.place_id]):
        Pack.objects.filter(pk=found.pk, state=models.MAKING).update(
            step=str(told["step"])[:120], done=told["done"], total=told["total"]
        )


def _end(found: Pack, state: str, why: str, **fields: Any) -> None:
    """How it ended; what was taken away meanwhile stays away."""
    with opened(WORKER, [found.place_id]), pghistory.context(why=why):
        rows = Pack.objects.filter(pk=found.pk, state__in=models.UNDER_WAY)
        kept = rows.update(state=state, step="", done=0, total=0, **fields)
    if not kept:
        files.remove_pack(found.pk)


def _process(asked: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Lines that the process says. Raises OurFault where it ends badly, JobAborted where the worker is to stop."""
    with subprocess.Popen(
        [sys.executable, "-m", "joinedup_web.packs.process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:  # fmt: skip
        assert running.stdin is not None and running.stdout is not None  # noqa: S101 - both are pipes
        json.dump(asked, running.stdin)
        running.stdin.close()
        for line in running.stdout:
            yield json.loads(line)
    if running.returncode in STOPPED:
        raise JobAborted
    if running.returncode != 0:
        raise OurFault(
            f"the making of a pack ended with {running.returncode}; what it said stands in the log"
        )
