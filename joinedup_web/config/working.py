"""The worker: it takes jobs from the queue, as the app role, beside the server or alone.

python -m joinedup_web.config.working [--stalled SECONDS]

`joinedup serve` starts one and starts it again should it die; in production it may run as a service of its own, with
the variables of the server and JOINEDUP_KEY_FILE, which the server is never told.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from typing import Any

CONCURRENCY = 3
"""Jobs at once: a check, what writes to the lake, and the release of figures; locks keep two of a kind apart."""
POLL = 5.0
STALLED_AFTER = 30.0
"""Seconds without a sign of life of its worker after which a job is taken up again."""


def work(stalled: float) -> None:
    """Take jobs until asked to stop (SIGTERM, SIGINT); what runs is given time, and taken up again if it is killed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinedup_web.config.settings")
    import django

    django.setup()
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    _begin()
    asyncio.run(_run(stalled))


def _begin() -> None:
    """What a stop may have left undone: orphaned files, rows of the ledger, figures of the last state."""
    from django.conf import settings

    from joinedup_web.returns import jobs, tidying
    from joinedup_web.returns.mirroring import mirror
    from joinedup_web.returns.working import the_lake

    tidying.tidy()
    if settings.ENVIRONMENT.lake is not None:
        lake = the_lake()
        mirror(lake)
        if lake.snapshot is not None:
            jobs.defer_once(jobs.FIGURES_TASK)


async def _run(stalled: float) -> None:
    from procrastinate.contrib.django import app

    from joinedup_web.returns.tidying import forget_old_jobs

    connector: Any = app.connector  # Django's; its worker has one of its own, which listens
    with app.replace_connector(connector.get_worker_connector()) as working:
        async with working.open_async():
            await forget_old_jobs()
            watch = asyncio.create_task(_watch(working, stalled))
            try:
                await working.run_worker_async(
                    concurrency=CONCURRENCY, update_heartbeat_interval=stalled / 3, stalled_worker_timeout=stalled,
                    shutdown_graceful_timeout=5, fetch_job_polling_interval=POLL,
                )  # fmt: skip
            finally:
                watch.cancel()


async def _watch(working: Any, stalled: float) -> None:
    """Jobs whose worker died are taken up again."""
    from joinedup_web.packs.making import give_up as give_up_pack
    from joinedup_web.returns.jobs import take_up_stalled
    from joinedup_web.returns.working import give_up

    while True:
        try:
            for told in await take_up_stalled(working.job_manager, stalled):
                if "submission" in told:
                    await asyncio.to_thread(give_up, told["submission"], told["place"])
                if "pack" in told:
                    await asyncio.to_thread(give_up_pack, told["pack"], told["place"])
        except Exception:
            # Whatever it was, the next look must come: a watch that has ended leaves jobs lying.
            logging.getLogger(__name__).exception("jobs could not be taken up again")
        await asyncio.sleep(stalled / 2)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stalled", type=float, default=STALLED_AFTER)
    work(parser.parse_args().stalled)
