"""The jobs by the names under which they wait in the queue. Arguments are ids: of a pack, and of its place."""

from __future__ import annotations

from procrastinate.contrib.django import app

MAKE, LOCK = "packs.make", "packs"
"""One pack is made at a time, so that pages come first."""


@app.task(name=MAKE, lock=LOCK)
def make(*, pack: str, place: str) -> None:
    """Make a pack."""
    from joinedup_web.packs import making

    making.make(pack, place)


@app.periodic(cron="17 * * * *")
@app.task(name="packs.tidy", lock="packs.tidy", queueing_lock="packs.tidy", priority=-1)
def tidy(timestamp: int) -> None:
    """Remove packs that are too old, and what no row names."""
    from joinedup_web.packs import tidying

    tidying.tidy()
