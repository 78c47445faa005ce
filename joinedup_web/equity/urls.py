"""Addresses of the explorer. What follows the question mark is the whole state of a page."""

from __future__ import annotations

from django.urls import path

from joinedup_web.equity import map_views, note_views, views

urlpatterns = [
    path("explore/", views.explore, name="explore"),
    path("explore/measure/<str:measure>/", views.measure, name="measure"),
    path("explore/measure/<str:measure>/table.csv", views.measure_csv, name="measure_csv"),
    path("explore/measure/<str:measure>/file/<str:form>/", views.measure_file, name="measure_file"),
    path("explore/gap/", views.gap, name="gap"),
    path("explore/gap/file/<str:form>/", views.gap_file, name="gap_file"),
    path("explore/gap/table.csv", views.gap_csv, name="gap_csv"),
    path("explore/places/", views.cube, name="cube"),
    path("explore/places/table.csv", views.cube_csv, name="cube_csv"),
    path("explore/places/file/<str:form>/", views.cube_file, name="cube_file"),
    path("explore/journey/", views.journey, name="journey"),
    path("explore/journey/file/<str:form>/", views.journey_file, name="journey_file"),
    path("explore/journey/table.csv", views.journey_csv, name="journey_csv"),
    path("explore/quality/", views.quality, name="quality"),
    path("explore/map/", map_views.place_map, name="map"),
    path("number/", views.find_number, name="find_number"),
    path("number/<str:code>/", views.number, name="number"),
    path("number/<str:code>/note/", note_views.write, name="write_note"),
    path("notes/", note_views.notes, name="notes"),
    path("notes/<uuid:note>/share/", note_views.share, name="share_note"),
    path("notes/<uuid:note>/end/", note_views.end, name="end_note"),
]
