"""Addresses of the returns desk. Identifiers are those of submissions and jobs; a foreign one is not there."""

from __future__ import annotations

from django.urls import path

from joinedup_web.returns import views

urlpatterns = [
    path("returns/", views.desk, name="returns"),
    path("returns/send/", views.send, name="send_return"),
    path("returns/sent/<uuid:submission>/", views.sent, name="return_sent"),
    path("returns/sent/<uuid:submission>/findings/", views.findings, name="return_findings"),
    path("returns/sent/<uuid:submission>/findings.csv", views.findings_csv, name="return_csv"),
    path("returns/sent/<uuid:submission>/findings.xlsx", views.findings_xlsx, name="return_xlsx"),
    path("returns/sent/<uuid:submission>/submit/", views.submit, name="submit_return"),
    path("returns/sent/<uuid:submission>/withdraw/", views.withdraw, name="withdraw_return"),
    path("returns/jobs/", views.jobs, name="return_jobs"),
    path("returns/jobs/<int:job>/again/", views.job_again, name="return_job_again"),
    path("calendar/", views.calendar, name="returns_calendar"),
    path("calendar/quality/", views.quality, name="returns_quality"),
]
