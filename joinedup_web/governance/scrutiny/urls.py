"""Addresses of scrutiny."""

from __future__ import annotations

from django.urls import path

from joinedup_web.governance.scrutiny import recording, views
from joinedup_web.governance.scrutiny.information import views as information
from joinedup_web.governance.scrutiny.programme import views as programme
from joinedup_web.governance.scrutiny.variation import views as variation

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
    path("scrutiny/programme/", programme.programme, name="programme"),
    path("scrutiny/programme/new/", programme.suggest, name="suggest_topic"),
    path("scrutiny/programme/file.<slug:form>", programme.file, name="programme_file"),
    path("scrutiny/programme/<uuid:topic>/", programme.topic, name="topic"),
    path("scrutiny/programme/<uuid:topic>/do/<slug:act>/", programme.act, name="topic_act"),
    path("scrutiny/programme/<uuid:topic>/decide/<slug:act>/", programme.decide, name="topic_decide"),
    path("scrutiny/proposals/", variation.proposals, name="proposals"),
    path("scrutiny/proposals/new/", variation.propose, name="propose"),
    path("scrutiny/proposals/<uuid:proposal>/", variation.proposal, name="proposal"),
    path("scrutiny/proposals/<uuid:proposal>/do/<slug:act>/", variation.act, name="proposal_act"),
    path("scrutiny/proposals/<uuid:proposal>/decide/<slug:act>/", variation.decide, name="proposal_decide"),
    path("information-requests/", information.disclosed, name="disclosed_requests"),
    path("information-requests/file.csv", information.disclosed_file, name="disclosed_requests_file"),
    path("scrutiny/requests/", information.requests, name="requests"),
    path("scrutiny/requests/new/", information.receive, name="receive_request"),
    path("scrutiny/requests/file.<slug:form>", information.file, name="requests_file"),
    path("scrutiny/requests/<uuid:enquiry>/", information.one, name="information_request"),
    path("scrutiny/requests/<uuid:enquiry>/do/<slug:act>/", information.act, name="request_act"),
    path("scrutiny/requests/<uuid:enquiry>/public/", information.publish, name="publish_request"),
]
