"""What was found in forms and in what they say: by file, row, column, rule, remedy. Nothing is dropped unsaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["left out", "to settle", "to know"]

LEFT_OUT: Final = {
    "no-form": "No form that joinedup knows begins here; nothing of it was read.",
    "no-head": "The form does not say what it is about, so nothing of it was read.",
    "unknown-head": "A line of the head is not one that joinedup knows.",
    "unknown-column": "The heading is not one that joinedup knows; the column was not read.",
    "column-missing": "A column is missing without which the rows say nothing.",
    "column-twice": "Two columns have one heading; the first was read.",
    "unknown-framework": "There is no framework of that name.",
    "other-version": "The form was made for another version of the framework.",
    "unknown-place": "No place of that code or name was known on that day at the framework's level.",
    "unknown-view": "The framework knows no such view.",
    "partner-missing": "The view has a set of scores for each partner, and the form names none.",
    "partner-not-asked": "The view is one set of scores, and the form names a partner.",
    "not-a-day": "This is no day that can be read.",
    "not-a-level": "This is no level of the framework.",
    "not-a-number": "This is no number that can stand here.",
    "unknown-criterion": "There is no criterion of that code.",
    "scored-twice": "A criterion has two levels in one form; neither was read.",
    "local-unclear": "A local criterion needs a title and the code of a domain.",
    "evidence-unclear": "The evidence is incomplete, so it was not read.",
    "unknown-measure": "There is no measure of that name.",
    "form-twice": "Two forms are of one place, round, view and partner; the later given was not read.",
    "unreadable-row": "The row cannot be used.",
    "not-a-letter": "A part in a duty is R, A, C or I.",
    "formula": "The cell holds a formula; its last value was read, and the formula was not run.",
    "not-kept": "The file holds something that is no value of a form.",
}
TO_SETTLE: Final = {
    "no-accountable": "Somebody is responsible for the duty, and nobody is accountable.",
    "two-accountable": "Two are accountable for one duty.",
    "no-responsible": "Somebody is accountable for the duty, and nobody does it.",
    "nobody": "The charter gives the duty to nobody.",
    "posts-exclude": "One person holds two posts that exclude each other.",
    "part-twice": "One party has the duty twice.",
    "unsigned": "The party has not signed for the duty.",
    "too-small": "The neighbourhood has fewer residents than it should.",
    "too-large": "The neighbourhood has more residents than it should.",
    "residents-unknown": "The residents of an area are not given, so its size cannot be told.",
    "area-in-two": "The area lies in two neighbourhoods.",
    "area-twice": "The area stands twice in one neighbourhood; it was counted once.",
    "area-in-none": "The area lies in no neighbourhood.",
    "two-boroughs": "The neighbourhood lies in two boroughs.",
    "borough-short": "The neighbourhoods hold fewer residents than the borough has.",
    "borough-over": "The neighbourhoods hold more residents than the borough has.",
    "level-without-evidence": "The level claimed is above what evidence allows.",
    "local-differs": "A local criterion has another title or domain in another form; the first was taken.",
}
TO_KNOW: Final = {
    "duty-of-its-own": "The duty is not one of the framework's; it is kept as the place's own.",
    "post-of-its-own": "The post is not one of the framework's; it is kept, and excludes none.",
    "text-day": "The day is a text with numbers only; it was read as day, month, year.",
    "serial-number": "The cell holds a day as a bare number; it was read by the workbook's own calendar.",
}
RULES: Final = {**LEFT_OUT, **TO_SETTLE, **TO_KNOW}
"""Every rule by its name, in a sentence."""


@dataclass(frozen=True, order=True)
class FormFinding:
    """One thing found. `row` counts from 1 as the file shows it, 0 for the whole; `text` is the cell's."""

    file: str
    row: int
    column: str
    rule: str
    remedy: str
    text: str = ""

    def __post_init__(self) -> None:
        """Only rules that are written down, and none without a remedy."""
        if self.rule not in RULES or not self.remedy:
            raise ValueError(f"no rule {self.rule!r}, or no remedy")

    @property
    def message(self) -> str:
        """The rule in a sentence."""
        return RULES[self.rule]

    @property
    def kind(self) -> Kind:
        """Whether something was left out, has to be settled by people, or is only to be known."""
        return "left out" if self.rule in LEFT_OUT else "to settle" if self.rule in TO_SETTLE else "to know"

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return {
            "file": self.file, "row": self.row, "column": self.column, "rule": self.rule, "kind": self.kind,
            "message": self.message, "remedy": self.remedy, "text": self.text,
        }  # fmt: skip
