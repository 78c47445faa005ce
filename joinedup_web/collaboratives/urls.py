"""Addresses of collaboratives. The page of one is its page among places."""

from __future__ import annotations

from django.urls import path

from joinedup_web.collaboratives import views

urlpatterns = [
    path("collaboratives/", views.collaboratives, name="collaboratives"),
    path("collaboratives/new/<slug:template>/", views.make, name="make_collaborative"),
    path("collaboratives/<str:collaborative>/end/", views.end, name="end_collaborative"),
    path("collaboratives/<str:collaborative>/undo/", views.undo, name="undo_collaborative"),
]
