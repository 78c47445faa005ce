"""The form of updates: an address, and what to be told of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from joinedup_web.governance.updates.asking import KINDS, Chosen, Known, Offer

TITLES = {
    "place": _("Councils"), "body": _("Boards and committees that meet in public"),
    "workstream": _("Workstreams that meet in public"), "topic": _("Topics"), "measure": _("Measures"),
}  # fmt: skip
MOST = 60
"""Choices that one reader may have."""


class Choose(forms.Form):
    """What to be told of, of everything that is offered."""

    def __init__(self, *given: Any, known: Known, **more: Any) -> None:
        super().__init__(*given, **more)
        self.known = known
        self.fields["choices"] = forms.MultipleChoiceField(
            label=_("What about"), choices=[(one.value, one.name) for one in known.values()],
            error_messages={"required": _("Choose at least one thing."),
                            "invalid_choice": _("One of these is not offered any more.")},
        )  # fmt: skip
        self.order_fields(["choices", "email"])

    def clean_choices(self) -> list[Chosen]:
        """Kind and key of each."""
        asked = self.cleaned_data["choices"]
        if len(asked) > MOST:
            raise forms.ValidationError(_("Choose fewer things."))
        return [(kind, key) for kind, _slash, key in (value.partition("/") for value in asked)]

    @property
    def ticked(self) -> set[str]:
        """Values that are ticked as the form stands."""
        given = self["choices"].value() or []
        return {str(one) for one in given}

    @property
    def groups(self) -> list[tuple[str, Any, list[Offer]]]:
        """Kind, its title, and what is offered of it; kinds of which nothing is are left out."""
        held = [(kind, [one for one in self.known.values() if one.kind == kind]) for kind in KINDS]
        return [(kind, TITLES[kind], rows) for kind, rows in held if rows]


class Subscribe(Choose):
    """The same with an address."""

    email = forms.EmailField(
        label=_("Your email address"), max_length=254,
        error_messages={"required": _("Write your email address."),
                        "invalid": _("Write an email address, such as name@example.org.")},
    )  # fmt: skip
