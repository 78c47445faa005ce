"""What people do to packs and templates. Keyword-only, with `by`, in one transaction; triggers write the audit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pghistory
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from joinedup import __version__
from joinedup.definitions.pack_layouts import PackLayout
from joinedup.errors import YourCommand
from joinedup.reports.packs.writing import check_template
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope
from joinedup_web.packs import files, models
from joinedup_web.packs.commentary import months_of, notes_for
from joinedup_web.packs.models import Pack, Template
from joinedup_web.packs.tasks import LOCK, MAKE
from joinedup_web.packs.tidying import taken_away

if TYPE_CHECKING:
    from joinedup_web.equity.figures import Figures

KIND = "pack"
SCRUTINY = "scrutiny"
LAYOUTS = {
    "board": "Board", "ceo": "Chief executives", "workstream": "Workstream", "members": "Members and residents",
    SCRUTINY: "Scrutiny committee",
}  # fmt: skip
NOT_RELEASED = "The figures of the lake are not released yet."


def layouts_for(scope: Scope, place: str) -> tuple[str, ...]:
    """Packs that may be made there: of a council the scrutiny pack alone."""
    if scope.may_at("make_any", KIND, place):
        return tuple(LAYOUTS)
    return (SCRUTINY,) if scope.may_at("make", KIND, place) else ()


@transaction.atomic
def ask_for_pack(
    *, by: Scope, place: Place, layout: str, period: str, formats: Sequence[str], template: Template | None = None,
    figures: Figures | None,
) -> Pack:  # fmt: skip
    """Have a pack made, or answer with the one that was made of just this. Raises YourCommand where `by` may not, for a
    month that is not released, and for a template that fits none of the formats."""
    if by.person is None or layout not in layouts_for(by, place.code):
        raise YourCommand("Your role does not make this pack there.", remedy="Ask a board member or analyst.")
    if figures is None:
        raise YourCommand(NOT_RELEASED, remedy="Try again when Explore shows figures.")
    if period not in months_of(figures):
        raise YourCommand("No figures are released of that month.", remedy="Choose one from the list.")
    _fits(place, formats, template)
    told: dict[str, Any] = {
        "layout": layout, "period": period, "formats": sorted(set(formats)), "template": template,
        "snapshot": figures.snapshot, "released": str(figures.about.get("committed_at", ""))[:40],
        "commentary": notes_for(by, place.code, figures),
    }  # fmt: skip
    with pghistory.context(why="pack asked for"):
        found, new = Pack.objects.get_or_create(
            place=place, key=key_of(told), defaults={**told, "asked_by": by.person}
        )
        if not new and found.state in (models.FAILED, models.REMOVED):
            _begin_again(found, by, told["commentary"])
            new = True
    if new:
        _defer(found)
    return found


def key_of(told: dict[str, Any]) -> str:
    """What the files depend on, as a hash: request, state, notes, template, layout and version of joinedup."""
    look = told["template"]
    plain = {**told, "template": look.sha256 if look else "", "version": __version__}
    plain["layout_version"] = PackLayout.load(told["layout"]).version
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def make_again(*, by: Scope, pack: Pack) -> Pack:
    """Have a pack that failed made again, of the state for which it was asked. Raises YourCommand."""
    if by.person is None or pack.layout not in layouts_for(by, pack.place_id):
        raise YourCommand("Your role does not make this pack there.", remedy="Ask a board member or analyst.")
    found = Pack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if found.state != models.FAILED:
        raise YourCommand("It has not failed.", remedy="Open its page.")
    with pghistory.context(why="pack asked for again"):
        _begin_again(found, by, found.commentary)
    _defer(found)
    return found


@transaction.atomic
def remove_pack(*, by: Scope, pack: Pack, reason: str) -> Pack:
    """Take the files of a pack away; that it was made stays in the record. Raises YourCommand."""
    if by.person is None or pack.layout not in layouts_for(by, pack.place_id):
        raise YourCommand("Your role does not remove this pack.", remedy="Ask a board member or analyst.")
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why it is removed.")
    with pghistory.context(why=reason.strip()):
        return taken_away(
            Pack.objects.select_for_update(of=("self",)).get(pk=pack.pk), f"Removed: {reason.strip()}"
        )


@transaction.atomic
def keep_template(*, by: Scope, place: Place, name: str, content: bytes) -> Template:
    """Keep a template of an organisation. Raises YourCommand, and as the library does for one that packs cannot use."""
    if by.person is None or not by.may_at("make_any", KIND, place.code):
        raise YourCommand("Your role sends no templates there.", remedy="Ask a board member or analyst.")
    kind = Path(name).suffix.lower()
    check_template(content, name)
    digest = files.keep_template(content, kind)
    with pghistory.context(why="template sent"):
        found: Template | None = Template.objects.filter(place=place, sha256=digest, ended_at=None).first()
        return found or Template.objects.create(
            place=place, sent_by=by.person, name=name[-120:], kind=kind, size=len(content), sha256=digest
        )


@transaction.atomic
def end_template(*, by: Scope, template: Template) -> Template:
    """Offer a template no more; packs made with it stay. Raises YourCommand."""
    if by.person is None or not by.may_at("make_any", KIND, template.place_id):
        raise YourCommand("Your role ends no templates there.", remedy="Ask a board member or analyst.")
    with pghistory.context(why="template ended"):
        template.ended_at = timezone.now()
        template.save(update_fields=["ended_at"])
    return template


def _fits(place: Place, formats: Sequence[str], template: Template | None) -> None:
    if not formats or not set(formats) <= set(files.WORDS):
        raise YourCommand("A pack is slides, a document, a PDF or a workbook.", remedy="Choose at least one.")
    if template is None:
        return
    if template.place_id != place.code or template.ended_at is not None:
        raise YourCommand("There is no such template there.", remedy="Choose one from the list.")
    if template.kind[1:] not in formats:
        raise YourCommand(
            f"The template is for {template.kind[1:].upper()} files, and none is asked for.",
            remedy="Choose that form too, or no template.",
        )


def _begin_again(found: Pack, by: Scope, commentary: list[Any]) -> None:
    found.state, found.message, found.asked_by, found.asked_at = models.WAITING, "", by.person, timezone.now()
    found.commentary = commentary
    found.save(update_fields=["state", "message", "asked_by", "asked_at", "commentary"])


def _defer(found: Pack) -> None:
    """Put the job into the queue with the change that asks for it, or not at all."""
    app.configure_task(MAKE, allow_unknown=True, lock=LOCK, queue="default").defer(
        pack=str(found.pk), place=found.place_id
    )
