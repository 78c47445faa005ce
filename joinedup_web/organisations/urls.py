"""Addresses of organisations, places, people and changes."""

from __future__ import annotations

from django.urls import path

from joinedup_web.organisations import views

urlpatterns = [
    path("", views.start, name="start"),
    path("places/", views.places, name="places"),
    path("places/<str:code>/", views.place, name="place"),
    path("people/", views.people, name="people"),
    path("people/give/", views.give, name="give_role"),
    path("people/<uuid:held>/end/", views.end, name="end_role"),
    path("people/<uuid:held>/move/", views.move, name="move_role"),
    path("changes/", views.changes, name="audit"),
]
