"""The page of claims and benefits that needs no account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from joinedup_web.improvement import presenting, public


@require_safe
def public_claims(request: HttpRequest) -> HttpResponse:
    """Claims checked and benefits, as they were published, each beside what released figures say."""
    context = {"papers": public.public_papers(), "benefits": public.public_benefits(), "words": presenting}
    return render(request, "improvement/public_claims.html", context)
