"""Pages of papers and their claims: enter a text, tie its claims, share what was found."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup_web.improvement import asking, claim_actions, claim_forms, presenting
from joinedup_web.improvement.released import name_of
from joinedup_web.improvement.views import kept, page
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.scope import scope_in


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """Papers whose claims may be read."""
    return render(request, "improvement/claims.html", {"papers": asking.seen_papers(scope_in(request))[:200]})


@require_http_methods(["GET", "HEAD", "POST"])
def write_paper(request: HttpRequest) -> HttpResponse:
    """Paste a text or send a page: its claims are found."""
    scope = scope_in(request)
    form = claim_forms.WritePaper(request.POST or None, request.FILES or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        paper = kept(
            form,
            lambda: claim_actions.write_paper(
                by=scope, place=place_of(asked["place"]), title=asked["title"], source=asked["source"],
                paragraphs=asked["paragraphs"],
            ),
        )  # fmt: skip
        if paper:
            messages.success(request, "Its claims are found. Tie each to what it is about.")
            return redirect("paper", paper.pk)
    return page(request, "improvement/paper_form.html", form)


@require_safe
def paper(request: HttpRequest, paper: UUID) -> HttpResponse:
    """The claims of a paper, each with what the released figures say of it."""
    scope = scope_in(request)
    found = asking.paper_of(scope, paper)
    if found is None:
        raise Http404
    context = {
        "paper": found, "claims": asking.checked(found), "tag": presenting.tag, "title_of": presenting.title_of,
        "name_of": name_of, "own": scope.may_at("write", "claim", found.place_id),
        "shares": scope.may_at("share", "claim", found.place_id),
        "publishes": scope.may_at("publish", "claim", found.place_id),
    }  # fmt: skip
    return render(request, "improvement/paper.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tie_claim(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Say what a claim is about; it is checked at once."""
    scope = scope_in(request)
    found = asking.own_claim(scope, claim)
    if found is None:
        raise Http404
    form = claim_forms.TieClaim(request.POST or None, initial=_filled(found.tie))
    if request.method == "POST" and form.is_valid():
        tie = form.tie()
        if kept(form, lambda: claim_actions.tie_claim(by=scope, claim=found, **tie)):
            messages.success(request, "The claim is tied and checked.")
            return redirect("paper", found.paper_id)
    return page(request, "improvement/tie_form.html", form, claim=found)


def _filled(tie: dict[str, object]) -> dict[str, object]:
    """The tie as it stands, to be changed."""
    compared = tie.get("comparison") or ""
    against = compared if isinstance(compared, str) else claim_forms.OTHERS
    return {**tie, "against": against}


@require_http_methods(["GET", "HEAD", "POST"])
def share_paper(request: HttpRequest, paper: UUID) -> HttpResponse:
    """Share the claims of a paper of one's own place, or make them private again."""
    scope = scope_in(request)
    found = asking.own_paper(scope, paper)
    if found is None:
        raise Http404
    if request.method == "POST":
        wanted = not found.shared
        claim_actions.share_paper(by=scope, paper=found, shared=wanted)
        messages.success(
            request, "Everyone who reads claims sees it now." if wanted else "It is private again."
        )
        return redirect("paper", found.pk)
    return render(request, "improvement/paper_share.html", {"paper": found})


@require_http_methods(["GET", "HEAD", "POST"])
def publish_paper(request: HttpRequest, paper: UUID) -> HttpResponse:
    """Put what was found of a paper's claims on the public page, or take it off."""
    scope = scope_in(request)
    found = asking.own_paper(scope, paper, "publish")
    if found is None:
        raise Http404
    form, wanted = Form(request.POST if request.method == "POST" else None), found.public_since is None
    if request.method == "POST" and kept(
        form, lambda: claim_actions.publish_paper(by=scope, paper=found, public=wanted)
    ):
        messages.success(request, "Anyone can read it now." if wanted else "It is public no longer.")
        return redirect("paper", found.pk)
    return page(request, "improvement/paper_publish.html", form, paper=found, claims=asking.checked(found))
