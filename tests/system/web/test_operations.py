"""What whoever runs the workspace relies on: counts, a failure that keeps nothing, a newer database refused."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from typing import Any

import psycopg
import pytest

from joinedup_web.config.environment import Environment
from joinedup_web.config.preparation import NEWER
from tests.system.web.conftest import AS_DJANGO, Served


def test_answers_are_counted_over_all_workers(workspace: Served) -> None:
    for _ in range(3):
        urllib.request.urlopen(f"{workspace.address}/health/live", timeout=60).close()
    with urllib.request.urlopen(f"{workspace.address}/health/metrics", timeout=60) as answer:
        told = answer.read().decode()
    counted = [
        line for line in told.splitlines() if line.startswith("joinedup_answers_total") and '"live"' in line
    ]
    assert counted and float(counted[0].rpartition(" ")[2]) >= 3
    assert "joinedup_snapshot" in told and "joinedup_answer_seconds_bucket" in told


def test_the_proxy_is_not_told(workspace: Served) -> None:
    asked = urllib.request.Request(
        f"{workspace.address}/health/metrics", headers={"X-Forwarded-For": "203.0.113.9"}
    )
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(asked, timeout=60)


def test_a_view_that_fails_keeps_nothing(
    django_here: Any, workspace: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client

    from joinedup_web.config import health
    from joinedup_web.organisations.models import Person

    def half(*given: Any) -> None:
        Person.objects.create_user("half-done@demo.invalid")
        raise RuntimeError("in the middle")

    monkeypatch.setattr(health, "held_snapshot", half)
    answer = Client(raise_request_exception=False, **AS_DJANGO).get("/health/ready")
    assert answer.status_code == 500
    with psycopg.connect(workspace.owner) as connection:
        found = connection.execute("SELECT count(*) FROM organisations_person WHERE email LIKE 'half-done%'")
        assert found.fetchone() == (0,)


def test_a_newer_database_is_refused(workspace: Served) -> None:
    told = Environment(
        folder=workspace.folder,
        lake=None,
        origin=workspace.address,
        database=workspace.owner,
        secret_key="x" * 60,
    )
    with psycopg.connect(workspace.owner, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('organisations', '9999_ahead', now())"
        )
        try:
            done = subprocess.run(
                [sys.executable, "-m", "joinedup_web.config.preparation", "joinedup_app"],
                env={**os.environ, **told.as_variables()},
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            owner.execute("DELETE FROM django_migrations WHERE name = '9999_ahead'")
    assert done.returncode == NEWER and "9999_ahead" in done.stderr
