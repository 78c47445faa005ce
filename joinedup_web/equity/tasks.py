"""The release of figures as a job: asked for by its name after each load, and when the worker starts."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from joinedup.errors import OurFault

LOCK = TASK = "equity.figures"


@app.task(name=TASK, lock="figures", queueing_lock=TASK)
def figures() -> None:
    """Release the figures of the lake's last state, then publish its cube; what is there already is left.

    In a process of its own, so that its memory is given back and pages come first. Each state lies in a folder of its
    own and is shown once it is whole: a page reads the one before until then. Raises OurFault where it ends badly.
    """
    lake = settings.ENVIRONMENT.lake
    if lake is None:
        return
    folder = Path(settings.ENVIRONMENT.folder) / "figures"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "joinedup_web.equity.publishing", str(lake), str(folder)], check=False
    )
    if done.returncode == -signal.SIGTERM:  # the worker is asked to stop, and all that it started
        raise JobAborted
    if done.returncode != 0:
        raise OurFault(f"the release of figures ended with {done.returncode}; what it said stands in the log")
