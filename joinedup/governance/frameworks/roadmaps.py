"""What a place means to do: which criterion to which level, by which action, who owns it, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from joinedup.definitions.frameworks import LOCAL
from joinedup.governance.cells import Value
from joinedup.governance.frameworks.entries import read_date, read_head, read_level
from joinedup.governance.frameworks.parts import Form, Notes


@dataclass(frozen=True)
class Milestone:
    """One step. `owner` is a post, not a name; `done` is the day on which it was done."""

    criterion: str
    to_level: int
    action: str
    owner: str = ""
    due: date | None = None
    done: date | None = None

    def status(self, on: date) -> str:
        """done, overdue, due, or without a day."""
        if self.done and self.done <= on:
            return "done"
        if self.due is None:
            return "without a day"
        return "overdue" if self.due < on else "due"

    def fields(self) -> dict[str, Value]:
        """The row of the form."""
        return {
            "criterion": self.criterion, "to_level": float(self.to_level), "action": self.action,
            "owner": self.owner or None, "due": self.due, "done": self.done,
        }  # fmt: skip


@dataclass(frozen=True)
class Roadmap:
    """The steps of a place in a framework, in the order of the form."""

    framework: str
    place: str
    rows: tuple[Milestone, ...] = field(repr=False)


def read_roadmap(form: Form, notes: Notes) -> Roadmap | None:
    """The roadmap in a form; None where its head does not say whose it is."""
    head = read_head(form, notes)
    if head is None:
        return None
    known = {one.slug for one in head.framework.criteria}
    rows = []
    for row in form.rows:
        code, action = row.text("criterion").casefold(), row.text("action")
        level = read_level(row.cell("to_level"), head.framework, notes)
        if code not in known and not (code.startswith(LOCAL) and len(code) > len(LOCAL)):
            notes.tell(
                row.cell("criterion"), "unknown-criterion", "Take the codes of the blank form of scores."
            )
        elif level is None or not action:
            notes.tell(
                row.cell("action"), "unreadable-row", "Write the level to reach, and what is done for it."
            )
        else:
            due, done = (read_date(row.cell(name), form, notes) for name in ("due", "done"))
            rows.append(Milestone(code, level, action, row.text("owner"), due, done))
    return Roadmap(head.framework.slug, head.place.code, tuple(rows))
