"""Addresses of organisations, places, people and changes."""

from __future__ import annotations

from django.urls import path

from joinedup_web.organisations import views
from joinedup_web.organisations.emergencies import views as emergencies

urlpatterns = [
    path("", views.start, name="start"),
    path("places/", views.places, name="places"),
    path("places/<str:code>/", views.place, name="place"),
    path("people/", views.people, name="people"),
    path("people/give/", views.give, name="give_role"),
    path("people/<uuid:held>/end/", views.end, name="end_role"),
    path("emergency/", emergencies.ask, name="emergency_ask"),
    path("emergency/<uuid:access>/stop/", emergencies.stop, name="emergency_stop"),
    path("emergencies/", emergencies.listed, name="emergencies"),
    path("emergencies/<uuid:access>/", emergencies.review, name="emergency_review"),
    path("people/<uuid:held>/move/", views.move, name="move_role"),
    path("changes/", views.changes, name="audit"),
]
