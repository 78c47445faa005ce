"""Addresses of the pages of tokens."""

from __future__ import annotations

from django.urls import path

from joinedup_web.api import views

urlpatterns = [
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/new/", views.make, name="make_token"),
    path("account/tokens/<uuid:held>/end/", views.revoke, name="revoke_token"),
]
