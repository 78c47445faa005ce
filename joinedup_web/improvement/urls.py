"""Addresses of improvement."""

from __future__ import annotations

from django.urls import path

from joinedup_web.improvement import (
    asset_views,
    benefit_views,
    claim_views,
    practice_views,
    public_views,
    views,
)

urlpatterns = [
    path("improvement/", views.improvement, name="improvement"),
    path("improvement/objectives/new/", views.write_objective, name="write_objective"),
    path("improvement/initiatives/new/", views.write_initiative, name="write_initiative"),
    path("improvement/initiatives/<uuid:initiative>/", views.initiative, name="initiative"),
    path("improvement/initiatives/<uuid:initiative>/plan/", views.declare_plan, name="declare_plan"),
    path(
        "improvement/initiatives/<uuid:initiative>/replicate/",
        views.start_replication,
        name="start_replication",
    ),
    path("improvement/initiatives/<uuid:initiative>/owner/", views.name_owner, name="name_owner"),
    path("improvement/initiatives/<uuid:initiative>/end/", views.end_initiative, name="end_initiative"),
    path("improvement/initiatives/<uuid:initiative>/add/<slug:kind>/", views.add_item, name="add_plan_item"),
    path(
        "improvement/initiatives/<uuid:initiative>/benefit/",
        benefit_views.write_benefit,
        name="write_benefit",
    ),
    path("improvement/items/<uuid:item>/end/", views.end_item, name="end_plan_item"),
    path("improvement/benefits/<uuid:benefit>/", benefit_views.change_benefit, name="change_benefit"),
    path(
        "improvement/benefits/<uuid:benefit>/withdraw/",
        benefit_views.withdraw_benefit,
        name="withdraw_benefit",
    ),
    path("improvement/practice/", practice_views.practice, name="practice"),
    path(
        "improvement/practice/<slug:measure>/<slug:code>/note/",
        practice_views.write_practice_note,
        name="write_practice_note",
    ),
    path(
        "improvement/practice/<slug:measure>/<slug:code>/replicate/",
        practice_views.replicate_practice,
        name="replicate_practice",
    ),
    path("improvement/agreed-once/", asset_views.assets, name="assets"),
    path("improvement/agreed-once/file/<slug:form>/", asset_views.assets_file, name="assets_file"),
    path("improvement/agreed-once/new/", asset_views.register_asset, name="register_asset"),
    path("improvement/agreed-once/<uuid:asset>/", asset_views.asset, name="asset"),
    path("improvement/agreed-once/<uuid:asset>/version/", asset_views.add_version, name="add_asset_version"),
    path("improvement/agreed-once/<uuid:asset>/adopt/", asset_views.adopt_asset, name="adopt_asset"),
    path("improvement/agreed-once/<uuid:asset>/end/", asset_views.end_asset, name="end_asset"),
    path("claims/", claim_views.claims, name="claims"),
    path("claims/new/", claim_views.write_paper, name="write_paper"),
    path("claims/papers/<uuid:paper>/", claim_views.paper, name="paper"),
    path("claims/papers/<uuid:paper>/share/", claim_views.share_paper, name="share_paper"),
    path("claims/papers/<uuid:paper>/public/", claim_views.publish_paper, name="publish_paper"),
    path("claims-and-benefits/", public_views.public_claims, name="public_claims"),
    path("claims/<uuid:claim>/tie/", claim_views.tie_claim, name="tie_claim"),
]
