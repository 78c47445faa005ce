"""What was found while reading a tracker, cell by cell: nothing is left out or guessed without being told."""

from __future__ import annotations

from dataclasses import dataclass

RULES = {
    "blank-row": "A row without topic and without text is kept, and waits for a person.",
    "closed-without-evidence": "The sheet says that it is done; no evidence was accepted, so it stays open.",
    "due-differs": "The sheet's day differs from that of the response clock; the sheet's is kept.",
    "error-value": "The cell holds an error of its formula; the word is kept as text.",
    "first-day-assumed": "No day of asking is given; the clock runs from the meeting.",
    "formatted-empty-rows": "Rows below the last are formatted and empty; they are not kept as rows.",
    "formula": "The cell held a formula; its last value is kept, and the formula is never run.",
    "heading-twice": "Two columns have headings of one meaning; the first is read, both are kept.",
    "no-clock": "Neither a day of asking, nor a meeting, nor a day due: no clock runs.",
    "no-text": "The row names a topic and no recommendation or request; no clock runs.",
    "no-tracker-here": "The sheet has no headings of a tracker; it is kept as it is.",
    "not-a-day": "The cell is no day that can be read; its text is kept.",
    "not-a-measure": "The cell names no measure that joinedup knows; its text is kept.",
    "not-kept": "The cell holds something that is no value; it cannot be kept.",
    "not-a-number": "The cell holds a number beyond every number; its text is kept.",
    "serial-number": "The cell holds a day as a bare number; it was read by the workbook's own calendar.",
    "text-day": "The day is a text with numbers only; it was read as day, month, year.",
    "unknown-answer": "The cell does not say accepted, in part, not accepted or supplied; its text is kept.",
    "unknown-column": "The heading is not one that joinedup knows; the column is kept as it is.",
    "unknown-kind": "Neither recommendation nor request for information; read as a recommendation.",
    "unknown-status": "The council's status is not one that joinedup knows; its text is kept.",
}
"""Every rule by its name, in a sentence."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found: where, by which rule, and what to do. `text` is what the cell says, where that helps."""

    sheet: str
    cell: str
    rule: str
    remedy: str
    text: str = ""

    def __post_init__(self) -> None:
        """Only rules that are written down."""
        if self.rule not in RULES:
            raise ValueError(f"there is no rule {self.rule!r}")

    @property
    def message(self) -> str:
        """The rule in a sentence."""
        return RULES[self.rule]
