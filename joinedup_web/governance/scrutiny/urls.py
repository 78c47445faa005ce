"""Addresses of scrutiny."""

from __future__ import annotations

from django.urls import path

from joinedup_web.governance.scrutiny import recording, views

ROW = "scrutiny/row/<uuid:recommendation>/"
urlpatterns = [
    path("promises/", views.promises, name="promises"),
    path("scrutiny/", views.scrutiny, name="scrutiny"),
    path("scrutiny/new/", views.import_tracker, name="import_tracker"),
    path("scrutiny/<uuid:tracker>/", views.tracker, name="tracker"),
    path("scrutiny/<uuid:tracker>/findings/", views.findings, name="tracker_findings"),
    path("scrutiny/<uuid:tracker>/newer/", views.newer, name="newer_tracker"),
    path("scrutiny/<uuid:tracker>/file.<slug:form>", views.file, name="tracker_file"),
    path("scrutiny/newer/<uuid:newer>/", views.merge, name="merge_tracker"),
    path("scrutiny/newer/<uuid:newer>/drop/", views.drop, name="drop_newer"),
    path(ROW, views.recommendation, name="recommendation"),
    path(f"{ROW}answer/", recording.answer, name="answer_recommendation"),
    path(f"{ROW}action/", recording.action, name="act_on_recommendation"),
    path(f"{ROW}test/", recording.test, name="test_recommendation"),
    path(f"{ROW}evidence/", recording.evidence, name="offer_evidence"),
    path(f"{ROW}decide/", recording.decide, name="decide_evidence"),
    path(f"{ROW}withdraw/", recording.withdraw, name="withdraw_recommendation"),
    path(f"{ROW}public/", recording.publish, name="publish_recommendation"),
]
