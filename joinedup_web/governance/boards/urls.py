"""Addresses of boards and their meetings."""

from __future__ import annotations

from django.urls import path

from joinedup_web.governance.boards import meeting_views, views

urlpatterns = [
    path("boards/", views.boards, name="boards"),
    path("boards/new/", views.make, name="make_body"),
    path("boards/parts/<uuid:row>/end/", views.end_part, name="end_body_part"),
    path("boards/meetings/<uuid:meeting>/", meeting_views.meeting, name="meeting"),
    path("boards/meetings/<uuid:meeting>/agenda/", meeting_views.agenda, name="meeting_agenda"),
    path(
        "boards/meetings/<uuid:meeting>/agenda.docx",
        meeting_views.agenda_document,
        name="meeting_agenda_document",
    ),
    path("boards/papers/<uuid:paper>/file/", meeting_views.paper_file, name="paper_file"),
    path("boards/meetings/<uuid:meeting>/minutes/", meeting_views.minutes, name="meeting_minutes"),
    path("boards/meetings/<uuid:meeting>/do/<slug:act>/", meeting_views.meeting_act, name="meeting_act"),
    path("boards/items/<uuid:item>/", meeting_views.item, name="agenda_item"),
    path("boards/items/<uuid:item>/do/<slug:act>/", meeting_views.item_act, name="agenda_item_act"),
    path("boards/records/<uuid:row>/do/<slug:act>/", meeting_views.record_act, name="board_record_act"),
    path("boards/<slug:body>/", views.body, name="body"),
    path("boards/<slug:body>/do/<slug:act>/", views.body_act, name="body_act"),
    path("boards/<slug:body>/open/", meeting_views.open_meeting, name="open_meeting"),
    path("boards/<slug:body>/decisions/", views.decisions, name="body_decisions"),
    path("boards/<slug:body>/decisions.rss", views.feed, name="body_feed"),
    path("boards/<slug:body>/meetings.ics", views.calendar, name="body_calendar"),
]
