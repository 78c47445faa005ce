"""The four forms that partners fill in, as heads and rows of cells, whichever file they came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from joinedup.governance.cells import Value, text_of
from joinedup.governance.frameworks.findings import FormFinding

MARK: Final = "Form"
"""What the first cell of a form says; beside it stands which form it is."""


@dataclass(frozen=True)
class FormKind:
    """A form: its name, the lines of its head, its columns by field, and which of them must be there."""

    name: str
    title: str
    head: Mapping[str, str]
    columns: Mapping[str, str]
    needs: tuple[str, ...]


_HEAD: Final = {"framework": "Framework", "version": "Version", "place": "Place"}
SCORES: Final = FormKind(
    "scores",
    "Scores",
    {**_HEAD, "round": "Round", "day": "Day", "view": "View", "partner": "Partner"},
    {
        "criterion": "Code", "domain": "Domain", "title": "Criterion", "asks": "What is asked", "level": "Level",
        "reason": "Reason", "document": "Document", "dated": "Document date", "link": "Document link",
        "measure": "Measure", "measure_place": "Measure place", "comparison": "At least or at most",
        "threshold": "Figure", "points": "Months in a row",
    },
    ("criterion", "level"),
)  # fmt: skip
ROADMAP: Final = FormKind(
    "roadmap",
    "Roadmap",
    _HEAD,
    {
        "criterion": "Code", "to_level": "To level", "action": "Action", "owner": "Owner (a post)", "due": "Due",
        "done": "Done on",
    },
    ("criterion", "to_level", "action"),
)  # fmt: skip
CHARTER: Final = FormKind(
    "charter",
    "Role charter",
    _HEAD,
    {
        "duty": "Duty", "party": "Party", "post": "Post", "holder": "Held by", "part": "R, A, C or I",
        "signed": "Signed on",
    },
    ("duty", "party", "part"),
)  # fmt: skip
NEIGHBOURHOODS: Final = FormKind(
    "neighbourhoods",
    "Neighbourhoods",
    _HEAD,
    {
        "neighbourhood": "Neighbourhood", "borough": "Borough", "area": "Area", "residents": "Residents",
        "source": "Source of residents",
    },
    ("neighbourhood", "borough", "area", "residents"),
)  # fmt: skip
FORMS: Final = {form.name: form for form in (SCORES, ROADMAP, CHARTER, NEIGHBOURHOODS)}


@dataclass(frozen=True)
class Cell:
    """A value and where it stood: the row from 1, and the heading or field."""

    value: Value
    row: int
    column: str

    @property
    def text(self) -> str:
        """The value as people read it, without spaces at the ends."""
        return text_of(self.value).strip()


@dataclass(frozen=True)
class FormRow:
    """One filled row of a form."""

    number: int
    cells: Mapping[str, Cell]

    def cell(self, name: str) -> Cell:
        """The cell of a field; an empty one where there is none."""
        return self.cells.get(name, Cell(None, self.number, name))

    def text(self, name: str) -> str:
        """Its text."""
        return self.cell(name).text


@dataclass(frozen=True)
class Form:
    """A form that was read: its kind, its head, its rows, the file, and the calendar of its days."""

    kind: FormKind
    file: str
    head: Mapping[str, Cell]
    rows: tuple[FormRow, ...]
    date_1904: bool = False

    def told(self, name: str) -> str:
        """A line of the head as text."""
        return self.head[name].text if name in self.head else ""


@dataclass
class Notes:
    """Findings while a form is read."""

    file: str
    found: list[FormFinding] = field(default_factory=list)

    def tell(self, cell: Cell, rule: str, remedy: str) -> None:
        """One more finding about a cell."""
        self.found.append(FormFinding(self.file, cell.row, cell.column, rule, remedy, cell.text[:200]))
