"""Addresses of updates, open to anyone."""

from __future__ import annotations

from django.urls import path

from joinedup_web.governance.updates import views

urlpatterns = [
    path("updates/", views.updates, name="updates"),
    path("updates/asked/", views.asked, name="updates_asked"),
    path("updates/confirm/<str:token>/", views.confirm, name="confirm_updates"),
    path("updates/mine/<str:token>/", views.mine, name="own_updates"),
    path("updates/leave/<str:token>/", views.leave, name="leave_updates"),
    path("updates/<slug:subject>/<slug:key>/", views.about, name="updates_about"),
    path("updates/<slug:subject>/<slug:key>/feed.rss", views.feed, name="updates_feed"),
    path("updates/<slug:subject>/<slug:key>/meetings.ics", views.calendar, name="updates_calendar"),
]
