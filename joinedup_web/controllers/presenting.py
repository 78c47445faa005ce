"""What pages of controllers say: values for templates, no queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from joinedup.definitions.datasets import Dataset, LawfulBases

if TYPE_CHECKING:
    from datetime import date

    from joinedup_web.controllers.models import Controllership
    from joinedup_web.controllers.standing import Standing

RISKY = ("=", "+", "-", "@", "\t", "\r")
HEADER = (
    "Dataset", "Records of", "Controller", "Code of controller", "Processor", "Lawful basis", "Impact assessment",
    "From", "Until", "Access approved", "Why",
)  # fmt: skip


@dataclass(frozen=True)
class Suspended:
    """A suspension in words."""

    what: str
    since: date
    why: str
    approver: str
    before: str
    enter: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        return f"Figures of {self.what} are suspended since {self.since:%-d %B %Y}: {self.why}."

    @property
    def remedy(self) -> str:
        """Who can end it."""
        if not self.approver:
            return (
                "The organisation that answers for these records now has to enter that, and approve access."
            )
        return f"The administrator of {self.approver} can approve access again."


def told(
    found: Standing, names: Mapping[str, str], own: Collection[str] = (), entered: Collection[object] = ()
) -> Suspended:
    """A standing that is not open, in words; with where to enter one's `own` organisation, until it is `entered`."""
    missing = found.approver in own and (found.dataset, found.covers, found.approver) not in entered
    asked = {"dataset": found.dataset, "covers": found.covers, "place": found.approver}
    return Suspended(
        what=f"{Dataset.load(found.dataset).title}, {names.get(found.covers, found.covers)}",
        since=found.since,
        why=found.why,
        approver=names.get(found.approver, found.approver),
        before=names.get(found.before, found.before),
        enter=f"{reverse('begin_controller')}?{urlencode({**asked, 'from_day': found.since})}"
        if missing
        else "",
    )


def csv_text(rows: Iterable[Controllership]) -> str:
    """The register for a spreadsheet; nothing in it runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for cells in (HEADER, *map(_cells, rows)):
        writer.writerow(["'" + cell if cell[:1] in RISKY else cell for cell in cells])
    return "\ufeff" + text.getvalue()


def _cells(row: Controllership) -> tuple[str, ...]:
    bases = LawfulBases.load().bases
    days = (row.valid_from, row.valid_to, row.approved_on)
    return (
        Dataset.load(row.dataset).title, row.covers.name, row.place.name, row.place_id, row.processor,
        bases.get(row.basis, row.basis), row.assessment, *(day.isoformat() if day else "" for day in days), row.reason,
    )  # fmt: skip
