"""Addresses of packs."""

from __future__ import annotations

from django.urls import path

from joinedup_web.packs import views

urlpatterns = [
    path("packs/", views.packs, name="packs"),
    path("packs/make/", views.make, name="make_pack"),
    path("packs/templates/new/", views.send_template, name="send_template"),
    path("packs/templates/<uuid:pack_template>/end/", views.end_template, name="end_template"),
    path("packs/<uuid:pack>/", views.pack, name="pack"),
    path("packs/<uuid:pack>/again/", views.again, name="pack_again"),
    path("packs/<uuid:pack>/remove/", views.remove, name="remove_pack"),
    path("packs/<uuid:pack>/<slug:form>/", views.file, name="pack_file"),
]
