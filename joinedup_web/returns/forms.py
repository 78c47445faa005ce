"""Forms of the returns desk: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms

from joinedup.returns.containers import MAX_BYTES_IN, MAX_MEMBERS
from joinedup.returns.reading import ENDINGS, is_table_file
from joinedup_web.organisations.scope import Scope
from joinedup_web.returns.receiving import trusts_of
from joinedup_web.returns.uploading import StagedUpload

LIMIT = f"{MAX_BYTES_IN // 1024**2} MB"


class ManyFiles(forms.ClearableFileInput):
    """A field for one file or many."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Every file that was sent, in order."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[StagedUpload]:
        """The files that reached the staging folder."""
        given = data if isinstance(data, list | tuple) else [data]
        return [one for one in given if isinstance(one, StagedUpload)]


class SendReturn(forms.Form):
    """Which trust sends which files."""

    place = forms.ChoiceField(label="Trust")
    files = Files(
        label="Files", required=False,
        help_text=f"A zip, XML document or Access database, or the CSV files of one month together. Up to {LIMIT}.",
    )  # fmt: skip
    folder = Files(label="Or a folder of CSV files", required=False)

    def __init__(self, *given: Any, scope: Scope, too_large: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        self.too_large = too_large
        self.trusts = {place.code: place for place in trusts_of(scope)}
        self.fields["place"].choices = [(code, place.name) for code, place in self.trusts.items()]
        if len(self.trusts) == 1:
            self.fields["place"].required = False

    def clean_place(self) -> Any:
        """The trust itself; the only one where there is one."""
        code = self.cleaned_data["place"] or (next(iter(self.trusts)) if len(self.trusts) == 1 else "")
        if code not in self.trusts:
            raise forms.ValidationError("Choose the trust whose return it is.")
        return self.trusts[code]

    def clean(self) -> dict[str, Any]:
        """Files of both fields: whole submissions, and loose CSV files that make one together."""
        told = super().clean() or {}
        given: list[StagedUpload] = [*told.get("files", []), *told.get("folder", [])]
        if self.too_large:
            self.add_error(
                "files",
                f"The file is larger than {LIMIT}. A month of one provider is far smaller: check what was exported.",
            )
        elif not given:
            self.add_error("files", "Choose the file to send.")
        told["loose"] = [one for one in given if one.name.lower().endswith(".csv")]
        told["whole"] = [one for one in given if not one.name.lower().endswith(".csv")]
        self._check_kinds(told)
        return told

    def _check_kinds(self, told: dict[str, Any]) -> None:
        for one in told["whole"]:
            if not one.name.lower().endswith(ENDINGS):
                self.add_error("files", f"{one.name}: we read zip, XML, Access and CSV files, and no others.")
        if len(told["loose"]) > MAX_MEMBERS:
            self.add_error("files", f"There are {len(told['loose'])} CSV files; the limit is {MAX_MEMBERS}.")
        if told["loose"] and not any(is_table_file(one.name) for one in told["loose"]):
            self.add_error(
                "files", "None of the CSV files is named as a national table, such as IDS101Referral.csv."
            )


class Reason(forms.Form):
    """Why a return is withdrawn, and that it is meant."""

    reason = forms.CharField(
        label="Why it is withdrawn", max_length=300,
        help_text="Stays in the ledger. Name no patient.", widget=forms.Textarea,
        error_messages={"required": "Say in a few words why it is withdrawn."},
    )  # fmt: skip
    sure = forms.BooleanField(
        label="I want to withdraw this return", error_messages={"required": "Tick the box if you mean it."}
    )
