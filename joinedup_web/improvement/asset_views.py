"""Pages of what is agreed once for several trusts: scope, question, page."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from joinedup_web.equity.files import TYPES, file_of
from joinedup_web.improvement import asset_actions, asset_asking, asset_forms
from joinedup_web.improvement.asset_presenting import table_of
from joinedup_web.improvement.asset_records import Asset
from joinedup_web.improvement.forms import Reason
from joinedup_web.improvement.views import kept, page
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.scope import scope_in

FORMS = ("csv", "xlsx")


@require_safe
def assets(request: HttpRequest) -> HttpResponse:
    """Everything agreed once, with how many trusts have adopted it on a day."""
    on, wrong = _day(request)
    context = {
        "assets": asset_asking.assets(on), "on": on, "wrong": wrong, "today": timezone.localdate(), "forms": FORMS,
    }  # fmt: skip
    return render(request, "improvement/assets.html", context, status=422 if wrong else 200)


@require_safe
def assets_file(request: HttpRequest, form: str) -> HttpResponse:
    """The register as a file: a row for each trust."""
    on, wrong = _day(request)
    if form not in FORMS or wrong:
        raise Http404
    made = file_of(table_of(asset_asking.assets(on), on), form, request.build_absolute_uri())
    answer = HttpResponse(made, content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="agreed-once-{on:%Y-%m-%d}.{form}"'
    return answer


@require_safe
def asset(request: HttpRequest, asset: UUID) -> HttpResponse:
    """One of them: its version in force, what each trust does, and its history."""
    scope, today = scope_in(request), timezone.localdate()
    told = asset_asking.standing_of(asset, today)
    if told is None:
        raise Http404
    context = {
        "told": told, "one": told.asset, "adoptions": asset_asking.adoptions(told.asset), "today": today,
        "versions": asset_asking.versions(told.asset), "speaks": asset_asking.own_trusts(scope, told.asset),
        "own": scope.may_at("write", "initiative", told.asset.place_id),
    }  # fmt: skip
    return render(request, "improvement/asset.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def register_asset(request: HttpRequest) -> HttpResponse:
    """Enter what was agreed once; its first version comes next."""
    scope = scope_in(request)
    form = asset_forms.RegisterAsset(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        place, owner = place_of(asked.pop("place")), asked.pop("email")
        made = kept(form, lambda: asset_actions.register_asset(by=scope, place=place, owner=owner, **asked))
        if made:
            messages.success(request, "It is registered. Enter its version next.")
            return redirect("add_asset_version", made.pk)
    return page(request, "improvement/asset_form.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def add_version(request: HttpRequest, asset: UUID) -> HttpResponse:
    """Enter a version that was agreed."""
    scope, found = scope_in(request), _own(request, asset)
    form = asset_forms.AddVersion(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        if kept(form, lambda: asset_actions.add_version(by=scope, asset=found, **asked)):
            messages.success(request, "The version is entered.")
            return redirect("asset", found.pk)
    return page(request, "improvement/asset_version_form.html", form, one=found)


@require_http_methods(["GET", "HEAD", "POST"])
def adopt_asset(request: HttpRequest, asset: UUID) -> HttpResponse:
    """Say what one's own trust does with it."""
    scope, told = scope_in(request), asset_asking.standing_of(asset, timezone.localdate())
    own = asset_asking.own_trusts(scope, told.asset) if told is not None else []
    versions = asset_asking.versions(told.asset) if told is not None else []
    if told is None or not own or not versions:
        raise Http404
    form = asset_forms.WriteAdoption(request.POST or None, own=own, versions=versions)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        trust, chosen = place_of(asked.pop("trust")), asked.pop("version")
        version = next(one for one in versions if str(one.pk) == chosen)
        if kept(
            form,
            lambda: asset_actions.write_adoption(
                by=scope, asset=told.asset, version=version, trust=trust, **asked
            ),
        ):
            messages.success(request, "It is entered, with your name and the day.")
            return redirect("asset", told.asset.pk)
    return page(request, "improvement/asset_adopt_form.html", form, one=told.asset)


@require_http_methods(["GET", "HEAD", "POST"])
def end_asset(request: HttpRequest, asset: UUID) -> HttpResponse:
    """Say that it is no longer in force."""
    scope, found = scope_in(request), _own(request, asset)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if kept(form, lambda: asset_actions.end_asset(by=scope, asset=found, reason=reason)):
            messages.success(request, "It is no longer in force. Its page stays.")
            return redirect("asset", found.pk)
    return page(request, "improvement/asset_end.html", form, one=found)


def _own(request: HttpRequest, identity: UUID) -> Asset:
    found = asset_asking.own_asset(scope_in(request), identity)
    if found is None:
        raise Http404
    return found


def _day(request: HttpRequest) -> tuple[date, str]:
    """The day asked for, today where none is; and what is wrong with it."""
    asked, today = request.GET.get("on", "").strip(), timezone.localdate()
    try:
        found = parse_date(asked) if asked else today
    except ValueError:
        found = None
    return (found, "") if found is not None else (today, "Write the day as 2026-03-31.")
