"""Addresses of frameworks."""

from __future__ import annotations

from django.urls import path

from joinedup_web.governance.frameworks import agreeing_views, form_views, scoring_views, views

ROUND = "frameworks/round/<uuid:round>/"
SCORE = f"{ROUND}score/<uuid:party>/"
PLACE = "frameworks/<slug:framework>/<slug:unit>/"
urlpatterns = [
    path("frameworks/", views.frameworks, name="frameworks"),
    path("frameworks/new/", views.choose, name="new_round"),
    path("frameworks/new/<slug:framework>/<slug:code>/", views.open_round, name="open_round"),
    path(ROUND, views.round_page, name="framework_round"),
    path(SCORE, scoring_views.sheet, name="score_sheet"),
    path(f"{SCORE}hand-in/", scoring_views.hand_in, name="hand_in_scores"),
    path(f"{SCORE}send/", form_views.send_scores, name="send_scores"),
    path(f"{SCORE}form.<slug:form>", form_views.scores_file, name="scores_file"),
    path(f"{SCORE}<slug:domain>/", scoring_views.domain, name="score_domain"),
    path(f"{ROUND}sign/<uuid:party>/", agreeing_views.sign, name="sign_round"),
    path(f"{ROUND}agree/send/", form_views.send_agreed, name="send_agreed"),
    path(f"{ROUND}agree/form.<slug:form>", form_views.agreed_file, name="agreed_file"),
    path(f"{ROUND}agree/<slug:domain>/", agreeing_views.domain, name="agree_domain"),
    path(f"{ROUND}do/<slug:act>/", agreeing_views.act, name="round_act"),
    path("frameworks/<slug:framework>/", views.compared, name="framework_compared"),
    path(PLACE, views.place, name="framework_place"),
    path(f"{PLACE}result.<slug:form>", views.result_file, name="framework_result"),
    path(f"{PLACE}<slug:part>/send/", form_views.send_part, name="send_place_form"),
    path(f"{PLACE}<slug:part>/form.<slug:form>", form_views.part_file, name="place_form_file"),
]
