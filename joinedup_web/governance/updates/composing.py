"""The letters: the one that asks, and the week's. Plain text and HTML say the same, each fact quoted with its link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from joinedup_web.governance.updates.asking import Offer
from joinedup_web.governance.updates.facts import SECTIONS, Fact
from joinedup_web.governance.updates.models import Asking, Digest
from joinedup_web.governance.updates.sealing import CONFIRM, CONFIRM_WITHIN, LEAVE, sign

COMING = "Meetings to come"
MOST = 40
"""Facts that a letter quotes under one heading; the page has the rest."""


@dataclass(frozen=True)
class Part:
    """A heading of a letter with what stands under it, and how many more there are."""

    title: str
    facts: tuple[Fact, ...]
    more: int = 0


@dataclass(frozen=True)
class Written:
    """A letter as it is sent, without its address."""

    subject: str
    text: str
    html: str


def parts_of(facts: Sequence[Fact]) -> list[Part]:
    """Meetings to come, then what is new, each fact once."""
    coming = sorted((one for one in facts if one.meets), key=lambda one: (one.on, one.key))
    found = [(COMING, coming)]
    found += [(name, [one for one in facts if one.section == name and not one.meets]) for name in SECTIONS]
    return [Part(name, tuple(held[:MOST]), max(0, len(held) - MOST)) for name, held in found if held]


def digest_of(facts: Sequence[Fact], chosen: Sequence[Offer], reader: object, week: date) -> Written:
    """The week's letter to a reader. Facts are those to be told; there is at least one."""
    token = sign(LEAVE, reader)
    told = {
        "parts": parts_of(facts), "chosen": [one.name for one in chosen], "week": week, "origin": settings.ORIGIN,
        "mine": _page("own_updates", token), "leave": _page("leave_updates", token),
    }  # fmt: skip
    new = sum(not one.meets for one in facts)
    counted = [f"{new} new" if new else "", f"{len(facts) - new} to come" if len(facts) > new else ""]
    subject = f"joinedup: week of {week:%-d %B %Y}, {', '.join(one for one in counted if one)}"
    return Written(subject, _text(told), render_to_string("updates/letter.html", told))


def _text(told: dict[str, object]) -> str:
    lines = ["What has become public since the last letter, on what you chose.", ""]
    for part in told["parts"]:  # type: ignore[attr-defined]
        lines += [part.title.upper(), ""]
        for one in part.facts:
            lines += [
                f"* {one.title}",
                *([f'  "{_line(one.quote)}"'] if one.quote else []),
                f"  {one.link}",
                "",
            ]
        lines += [f"and {part.more} more, on the pages of what you chose.", ""] if part.more else []
    lines += [f"You chose: {'; '.join(told['chosen'])}.", f"Choose less: {told['mine']}"]  # type: ignore[arg-type]
    return "\n".join([*lines, f"Stop these letters, and have your address erased: {told['leave']}", ""])


def _line(words: str) -> str:
    return " ".join(words.split())


def asking_letter(asking: Asking, to: str, chosen: Sequence[Offer]) -> EmailMultiAlternatives:
    """The one letter before an address is confirmed."""
    hours = int(CONFIRM_WITHIN.total_seconds() // 3600)
    body = "\n".join([
        "Somebody, perhaps you, asked for a letter once a week with what has become public about:", "",
        *(f"* {one.name}" for one in chosen), "",
        "If that was you, open this page and press the button:",
        _page("confirm_updates", sign(CONFIRM, asking.pk)), "",
        f"The link holds for {hours} hours, once. If it was not you, do nothing: your address is then forgotten.", "",
    ])  # fmt: skip
    letter = EmailMultiAlternatives("joinedup: do you want these letters?", body, to=[to])
    letter.extra_headers = _headers(f"asking-{asking.pk}")
    return letter


def weekly_letter(digest: Digest, to: str) -> EmailMultiAlternatives:
    """A digest as it is sent, with the one-click header of RFC 8058. A copy sent twice has the same Message-ID."""
    letter = EmailMultiAlternatives(digest.subject, digest.text, to=[to])
    letter.attach_alternative(digest.html, "text/html")
    address = _page("leave_updates", sign(LEAVE, digest.reader_id))
    letter.extra_headers = {
        **_headers(f"digest-{digest.pk}"),
        "List-Id": f"Updates <updates.{_host()}>",
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return letter


def said_on(at: datetime) -> str:
    """A moment as a day."""
    return f"{timezone.localtime(at):%-d %B %Y}"


def _headers(identity: str) -> dict[str, str]:
    return {"Message-ID": f"<{identity}@{_host()}>", "Auto-Submitted": "auto-generated"}


def _host() -> str:
    return urlsplit(settings.ORIGIN).hostname or "localhost"


def _page(name: str, token: str) -> str:
    return f"{settings.ORIGIN}{reverse(name, args=[token])}"
