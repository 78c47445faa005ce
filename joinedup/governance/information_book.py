"""The log of requests for information as a workbook: what was asked, by when, what was answered and from which data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from joinedup.definitions.freedom_of_information import InformationLaw
from joinedup.governance.cells import Sheet, Value, Workbook
from joinedup.governance.information import Request

HEADINGS = (
    "Request", "What is asked", "Received", "Due", "Stands", "Answered", "Outcome", "Answer", "Grounds",
    "Codes of figures", "Datasets", "Link", "Days late",
)  # fmt: skip
OUTCOMES = {
    "in_full": "Given in full", "in_part": "Given in part", "refused": "Refused", "not_held": "Not held",
}  # fmt: skip


def information_book(requests: Sequence[Request], today: date) -> Workbook:
    """A row for each request, as values."""
    return Workbook((Sheet("Requests", (HEADINGS, *(_row(one, today) for one in requests))),))


def grounds_in_words(sections: Sequence[str]) -> str:
    """Sections with their titles, as a line."""
    law = InformationLaw.load()
    found = ((section, law.ground(section)) for section in sections)
    return "; ".join(
        f"section {section}{f', {ground.title.lower()}' if ground else ''}" for section, ground in found
    )


def _row(one: Request, today: date) -> tuple[Value, ...]:
    answer = one.answer
    late = one.overdue(today) or one.days_late
    return (
        one.received.title, one.received.asked, one.received.received_on, one.due, str(one.stage),
        answer.answered_on if answer else None, OUTCOMES[answer.outcome] if answer else None,
        answer.answer if answer else None, (grounds_in_words(answer.sections) or None) if answer else None,
        (", ".join(answer.codes) or None) if answer else None, ("; ".join(answer.datasets) or None) if answer else None,
        (answer.link or None) if answer else None, float(late),
    )  # fmt: skip
