"""Addresses of the register of controllers."""

from __future__ import annotations

from django.urls import path

from joinedup_web.controllers import views

urlpatterns = [
    path("controllers/", views.controllers, name="controllers"),
    path("controllers/table.csv", views.controllers_csv, name="controllers_csv"),
    path("controllers/begin/", views.begin, name="begin_controller"),
    path("controllers/<uuid:row>/end/", views.end, name="end_controller"),
    path("controllers/<uuid:row>/approve/", views.approve, name="approve_controller"),
]
