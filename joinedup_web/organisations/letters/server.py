"""The mail server, as whoever runs the workspace names it: an address, and a file with the password."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from joinedup.errors import YourCommand

USUAL = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
LONGEST = 5
"""Seconds that a mail server has to answer: somebody waits for the page."""


def mail_settings(given: Mapping[str, str], host: str) -> dict[str, Any]:
    """Django's settings from JOINEDUP_MAIL (smtp://, smtps:// or smtp+starttls://USER@HOST:PORT),
    JOINEDUP_MAIL_PASSWORD_FILE and JOINEDUP_MAIL_FROM; none where no server is named. Raises YourCommand.
    """
    address = given.get("JOINEDUP_MAIL", "")
    if not address:
        return {}
    parts = urlsplit(address)
    if parts.scheme not in USUAL or not parts.hostname or parts.password:
        raise YourCommand(
            "JOINEDUP_MAIL is not the address of a mail server.",
            remedy="Write smtp+starttls://USER@HOST:587, and the password in JOINEDUP_MAIL_PASSWORD_FILE.",
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or USUAL[parts.scheme],
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": _password(given.get("JOINEDUP_MAIL_PASSWORD_FILE", "")),
        "EMAIL_TIMEOUT": LONGEST,
        "DEFAULT_FROM_EMAIL": given.get("JOINEDUP_MAIL_FROM", f"joinedup@{host}"),
    }


def _password(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip() if file else ""
    except OSError as error:
        raise YourCommand(
            f"JOINEDUP_MAIL_PASSWORD_FILE: {error.strerror}.", remedy="Name a file that can be read."
        ) from None
