"""What the server runs."""

from __future__ import annotations

import os
import threading
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinedup_web.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


def _warm() -> None:
    """Load what is slow the first time; figures and cube may still be in the making."""
    from joinedup_web.equity.crossing import warm
    from joinedup_web.equity.opening import current_figures

    while not warm(current_figures()):
        time.sleep(5)


def _post() -> None:
    from joinedup_web.organisations.letters.sending import keep_sending

    keep_sending()


for task in (_warm, _post):
    threading.Thread(target=task, daemon=True).start()
