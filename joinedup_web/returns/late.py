"""Late returns, told to meetings: one matter for each trust, with the months."""

from __future__ import annotations

from datetime import date

from joinedup.charts.words import span
from joinedup_web.organisations import registering
from joinedup_web.organisations.registering import Matter
from joinedup_web.organisations.scope import Scope
from joinedup_web.returns.asking import received, trusts_that_send
from joinedup_web.returns.calendar import due_cells, last_month, months_to

LATE = "Late"
MONTHS = 3


def register() -> None:
    """Add them, once."""
    if late_returns not in registering.EXCEPTIONS:
        registering.EXCEPTIONS.append(late_returns)


def late_returns(scope: Scope, on: date) -> list[Matter]:
    """Trusts whose returns of the last months have not come, for whoever may see the timetable."""
    if not scope.may("see", "timetable"):
        return []
    rows, months = received(), sorted(months_to(last_month(on), MONTHS))
    found = []
    for trust in trusts_that_send(on):
        own = [row for row in rows if row.place_id == trust.code]
        late = [one for one in months if any(cell.words == LATE for cell in due_cells(own, one, on))]
        if late:
            told = ", ".join(span(one) for one in late)
            found.append(
                Matter(f"late-return-{trust.code}-{late[-1]}", f"Returns of {trust.name} are late: {told}")
            )
    return found
