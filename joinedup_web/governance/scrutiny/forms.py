"""Forms of scrutiny: they read and check; `actions.py` writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from joinedup.definitions.measure import Measure
from joinedup.errors import UnknownName
from joinedup.governance.evidence import WORDS, Document, DocumentTest, MeasureTest, Series
from joinedup.governance.packages import MAX_BYTES_IN
from joinedup_web.governance.scrutiny.asking import places_to_keep
from joinedup_web.governance.scrutiny.presenting import ANSWERS
from joinedup_web.organisations.scope import Scope

DAY = {"type": "date"}
LIMIT = f"{MAX_BYTES_IN // 1024**2} MB"
ENDINGS = (".xlsx", ".csv")
LONG = 4_000
WHY = {"required": "Say in a few words why."}


class Why(forms.Form):
    """Why something is done; stays in the history."""

    why = forms.CharField(
        label="Why", max_length=300, error_messages=WHY, help_text="Stays in the history. Name no patient."
    )


class SendTracker(forms.Form):
    """A file of a tracker, and the meeting of rows that name none."""

    file = forms.FileField(
        label="The tracker", help_text=f"Your workbook as it is: .xlsx or .csv, up to {LIMIT}.",
        error_messages={"required": "Choose the file of the tracker.", "empty": "The file is empty."},
    )  # fmt: skip
    meeting = forms.DateField(
        label="Meeting of rows that name none (may stay empty)",
        required=False,
        widget=forms.DateInput(attrs=DAY),
    )

    def __init__(self, *given: Any, too_large: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        if too_large:
            self.fields["file"].error_messages["required"] = (
                f"The file is larger than {LIMIT}. Save the sheets of the tracker alone, as a new workbook."
            )

    def clean_file(self) -> Any:
        """Only what a tracker is."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(ENDINGS):
            raise forms.ValidationError(
                "A tracker is .xlsx or .csv. Save it as one of the two, and send that."
            )
        return file


class ImportTracker(SendTracker):
    """The first file of a committee's tracker."""

    place = forms.ChoiceField(label="Council that keeps it")
    committee = forms.CharField(label="Committee", max_length=200)
    field_order = ("place", "committee", "file", "meeting")

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.places = {place.code: place for place in places_to_keep(scope)}
        self.fields["place"].choices = [(code, place.name) for code, place in self.places.items()]

    def clean_place(self) -> Any:
        """The council itself."""
        return self.places[self.cleaned_data["place"]]


class RecordAnswer(Why):
    """What the body answered, when, and why not where it did not accept."""

    answer = forms.ChoiceField(label="Answer", required=False, choices=[("", "Not said"), *ANSWERS.items()])
    response = forms.CharField(label="Response", max_length=LONG, required=False, widget=forms.Textarea)
    received_on = forms.DateField(label="Received on", required=False, widget=forms.DateInput(attrs=DAY))
    reasons = forms.CharField(
        label="Reasons, where it is not accepted in full",
        max_length=LONG,
        required=False,
        widget=forms.Textarea,
    )
    field_order = ("answer", "response", "received_on", "reasons", "why")


class RecordAction(Why):
    """An action, promised or done; or that somebody says it is all done."""

    action = forms.CharField(label="Action", max_length=LONG, widget=forms.Textarea)
    done = forms.ChoiceField(
        label="Is it said to be done?", choices=[("", "No"), ("done", "Yes: this closes nothing, evidence does")],
        required=False,
    )  # fmt: skip
    field_order = ("action", "done", "why")


class SetTest(Why):
    """What would show that it was done: figures, or a document that answers questions."""

    by = forms.ChoiceField(
        label="Shown by", choices=[("figures", "Figures of a measure"), ("document", "A document")]
    )
    measure = forms.CharField(
        label="Measure", max_length=60, required=False, help_text="Its name or number, such as M195."
    )
    place = forms.ChoiceField(label="Place", required=False)
    comparison = forms.ChoiceField(label="Is", choices=list(WORDS.items()), required=False)
    threshold = forms.FloatField(label="This much", required=False)
    points = forms.IntegerField(label="For so many figures in a row", min_value=1, max_value=24, initial=3)
    questions = forms.CharField(
        label="Questions that a document answers, one a line", max_length=LONG, required=False,
        widget=forms.Textarea,
    )  # fmt: skip
    field_order = ("by", "measure", "place", "comparison", "threshold", "points", "questions", "why")

    def __init__(self, *given: Any, places: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["place"].choices = [("", "Choose a place"), *places]
        self.fields["points"].required = False

    def clean(self) -> dict[str, Any]:
        """The test itself, as `test`."""
        told = super().clean() or {}
        make = self._document if told.get("by") == "document" else self._figures
        if not self.errors:
            told["test"] = make(told)
        return told

    def _figures(self, told: dict[str, Any]) -> MeasureTest | None:
        try:
            measure = Measure.load(told["measure"].strip()).id if told["measure"].strip() else ""
        except UnknownName as error:
            self.add_error("measure", f"{error.message} {error.remedy}")
            return None
        for name, missing in (("measure", not measure), ("place", not told["place"])):
            if missing:
                self.add_error(name, f"Say which {name}.")
        if told["threshold"] is None:
            self.add_error("threshold", "Say how much.")
        if self.errors:
            return None
        level, _, place = told["place"].partition("|")
        series = Series(measure=measure, level=level, place=place)
        return MeasureTest(
            series=series,
            comparison=told["comparison"],
            threshold=told["threshold"],
            points=told["points"] or 1,
        )

    def _document(self, told: dict[str, Any]) -> DocumentTest | None:
        questions = tuple(line.strip() for line in told["questions"].splitlines() if line.strip())
        if not questions:
            self.add_error("questions", "Write at least one question.")
            return None
        return DocumentTest(questions=questions)


class OfferDocument(Why):
    """A document as evidence: what it is, where it lies, and where it answers each question."""

    title = forms.CharField(label="Document", max_length=300)
    where = forms.CharField(
        label="Where it lies", max_length=500, help_text="An address, or agenda pack and page."
    )

    def __init__(self, *given: Any, questions: Sequence[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.questions = tuple(questions)
        for number, question in enumerate(self.questions):
            self.fields[f"answer_{number}"] = forms.CharField(
                label=f"Where it answers: {question}", max_length=500, required=False
            )
        self.order_fields(("title", "where", *(f"answer_{n}" for n in range(len(questions))), "why"))

    def document(self) -> Document:
        """The evidence."""
        told = self.cleaned_data
        answers = (
            (question, told[f"answer_{number}"].strip()) for number, question in enumerate(self.questions)
        )
        return Document(
            title=told["title"], where=told["where"], answers=tuple(pair for pair in answers if pair[1])
        )


class Decide(Why):
    """Whether evidence is accepted."""

    accept = forms.ChoiceField(
        label="Does the committee accept it?",
        choices=[("", "Choose"), ("yes", "Yes: it closes"), ("no", "No: it stays open")],
    )
    field_order = ("accept", "why")


class Publish(Why):
    """Why a row is shown to the public, or no longer."""
