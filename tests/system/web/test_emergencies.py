"""Emergency access: at once, for a reason and a few hours, told to the officer of the place, seen and never written."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller

from joinedup.errors import YourCommand
from tests.system.web.conftest import AS_DJANGO, Served, free_port
from tests.system.web.test_access_matrix import client

REASON = "The pathway of a shared patient stopped tonight and nobody of the trust answers."
ASKED = {"place": "RV3", "hours": "4", "reason": REASON}
OFFICER = "protection-cnwl@demo.invalid"
BOARD = "board@demo.invalid"


class Post:
    """A mail server that keeps what it is given, or refuses it."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.refuses = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its name there
        if self.refuses:
            return "451 try again later"
        self.kept.append(envelope)
        return "250 kept"


@pytest.fixture
def post(django_here: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A real mail server, named in the settings as an environment would name it."""
    from joinedup_web.organisations.letters.server import mail_settings

    kept, port = Post(), free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    for name, value in mail_settings(
        {"JOINEDUP_MAIL": f"smtp://127.0.0.1:{port}"}, "joinedup.example"
    ).items():
        monkeypatch.setattr(django_here, name, value, raising=False)
    monkeypatch.setattr(django_here, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(django_here, "MAIL_SET", True)
    yield kept
    server.stop()


@pytest.fixture(autouse=True)
def over(workspace: Served) -> Iterator[None]:
    """What others asked for is over before a test, and what it asked for after it."""
    time_passes(workspace)
    yield
    time_passes(workspace)


def time_passes(workspace: Served) -> None:
    """As if every emergency were over by its own: only a superuser can say so."""
    passwords = json.loads((workspace.folder / "database.passwords.json").read_text())
    address = workspace.owner.replace("joinedup_owner", "joinedup_keeper")
    with psycopg.connect(
        address.replace(passwords["joinedup_owner"], passwords["joinedup_keeper"])
    ) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE organisations_emergencyaccess SET until = asked_at + interval '1 ms'")
        connection.execute("UPDATE organisations_letter SET sent_at = now()")


def people(made: Any) -> str:
    return str(made.get("/people/").content.decode())


def count(workspace: Served, table: str, places: str = "RV3") -> int:
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [places])
        (found,) = connection.execute(f"SELECT count(*) FROM organisations_{table}").fetchone() or (0,)
    return int(found)


def test_it_is_there_at_once_told_and_shows_the_other_place(post: Post) -> None:
    manager = client("service_manager")
    assert BOARD not in people(manager)
    page = manager.post("/emergency/", ASKED, follow=True).content.decode()
    assert "Central and North West London" in page and "data-protection officer is told" in page
    assert BOARD in people(manager)
    (letter,) = post.kept
    body = " ".join(letter.content.decode().split())
    assert letter.rcpt_tos == [OFFICER] and "/emergencies/" in body and "Demo: service manager" in body
    assert "patient" not in body


def test_it_ends_by_itself(post: Post, workspace: Served) -> None:
    manager = client("service_manager")
    manager.post("/emergency/", ASKED)
    assert BOARD in people(manager)
    time_passes(workspace)
    assert BOARD not in people(manager) and "until" not in manager.get("/emergency/").content.decode()


def test_whoever_has_it_ends_it(post: Post) -> None:
    manager = client("service_manager")
    manager.post("/emergency/", ASKED)
    (stop,) = re.findall(r'action="(/emergency/[^"]+/stop/)"', manager.get("/emergency/").content.decode())
    assert client("clinician").post(stop).status_code == 404
    assert client("analyst").post(stop).status_code == 404
    assert manager.post(stop).status_code == 302 and BOARD not in people(manager)


def test_the_officer_reviews_and_ends_it_and_no_other_officer_sees_it(post: Post) -> None:
    manager = client("service_manager")
    manager.post("/emergency/", ASKED)
    officer, other = officers()
    listed = officer.get("/emergencies/").content.decode()
    assert REASON in listed and "It holds now" in listed and f"{OFFICER} told on" in listed
    assert REASON not in other.get("/emergencies/").content.decode()
    address = re.findall(r'href="(/emergencies/[0-9a-f-]+/)"', listed)[0]
    assert other.get(address).status_code == 404 and other.post(address, {"note": "x"}).status_code == 404
    assert officer.post(address, {"note": ""}).status_code == 422
    assert officer.post(address, {"note": "It could have waited.", "end": "yes"}).status_code == 302
    assert BOARD not in people(manager)
    listed = officer.get("/emergencies/").content.decode()
    assert "It could have waited." in listed and "ended by" in listed


def test_it_lets_see_and_lets_nothing_be_done(post: Post, workspace: Served) -> None:
    """In the application, and in the database alone."""
    from joinedup_web.organisations.models import Person
    from joinedup_web.organisations.scope import scope_of

    client("service_manager").post("/emergency/", ASKED)
    with transaction():
        scope = scope_of(Person.objects.get(email="manager@demo.invalid"), date.today())
        assert scope.may_at("see", "role", "RV3") and not scope.may_at("write", "note", "RV3")
        assert "RV3" not in scope.places and "RV3" in scope.emergency_places
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.emergency', 'RV3', true)")
        seen = connection.execute(
            "SELECT count(*) FROM organisations_roleheld WHERE place_id = 'RV3'"
        ).fetchone()
        assert seen is not None and seen[0] > 0
        assert connection.execute("UPDATE organisations_roleheld SET reason = 'x'").rowcount == 0
        assert connection.execute("DELETE FROM organisations_roleheld").rowcount == 0


def test_an_emergency_lasts_no_longer_than_the_role_it_was_taken_in(post: Post, workspace: Served) -> None:
    manager = client("service_manager")
    manager.post("/emergency/", ASKED)
    for until in ("'2025-01-01'", "NULL"):
        with psycopg.connect(workspace.owner) as connection:
            connection.execute("SELECT set_config('joinedup.places', 'RV3CH', true)")
            connection.execute(
                f"UPDATE organisations_roleheld SET valid_to = {until} WHERE role = 'service_manager'"
            )
        if until != "NULL":
            assert manager.get("/people/").status_code == 403
    assert BOARD in people(manager)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": "too short"}, "too short to review"),
        ({"reason": ""}, "required"),
        ({"hours": "5"}, "not one of the available"),
        ({"hours": "-1"}, "not one of the available"),
        ({"place": "RV3CH"}, "not one of the available"),
        ({"place": "NOWHERE"}, "not one of the available"),
        ({"place": "RYX"}, "has named no data-protection officer"),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_is_kept(
    change: dict[str, str], said: str, post: Post, workspace: Served
) -> None:
    before = count(workspace, "emergencyaccess", "RV3,RYX,RV3CH")
    answer = client("service_manager").post("/emergency/", {**ASKED, **change})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert count(workspace, "emergencyaccess", "RV3,RYX,RV3CH") == before and not post.kept


def test_twice_at_once_is_once(post: Post) -> None:
    manager = client("service_manager")
    manager.post("/emergency/", ASKED)
    answer = manager.post("/emergency/", ASKED)
    assert answer.status_code == 422 and "already" in answer.content.decode() and len(post.kept) == 1


@pytest.mark.parametrize(
    "role", ["administrator", "board_member", "resident", "data_protection_officer", "finance_lead"]
)
def test_roles_that_the_policy_does_not_name_ask_in_vain(role: str) -> None:
    assert client(role).post("/emergency/", ASKED).status_code == 403


def test_where_nobody_could_be_told_there_is_no_access(
    django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_here, "DEMO", False)
    answer = client("service_manager").post("/emergency/", ASKED)
    assert answer.status_code == 422 and "nobody could be told" in answer.content.decode()


def test_no_letter_no_access(post: Post, workspace: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from joinedup_web.organisations.emergencies import actions

    def broken(**_: Any) -> None:
        raise RuntimeError("the outbox is broken")

    before = count(workspace, "emergencyaccess")
    monkeypatch.setattr(actions, "queue", broken)
    manager = client("service_manager")
    with pytest.raises(RuntimeError):
        manager.post("/emergency/", ASKED)
    assert count(workspace, "emergencyaccess") == before and BOARD not in people(manager)


def test_a_letter_that_cannot_be_sent_is_seen_and_tried_again(post: Post, workspace: Served) -> None:
    from django.utils import timezone

    from joinedup_web.organisations.letters.sending import send_due

    post.refuses = True
    client("service_manager").post("/emergency/", ASKED)
    officer, _ = officers()
    assert "NOT told yet: tried 1 times, SMTP" in officer.get("/emergencies/").content.decode()
    post.refuses = False
    assert send_due() == 0  # it waits a while first
    with transaction(), freeze(timezone, timedelta(minutes=5)):
        assert send_due() == 1
    assert [one.rcpt_tos for one in post.kept] == [[OFFICER]]
    assert f"{OFFICER} told on" in officer.get("/emergencies/").content.decode()


def test_two_workers_send_a_letter_once(
    post: Post, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joinedup_web.organisations.letters import sending

    monkeypatch.setattr(django_here, "MAIL_SET", False)
    client("service_manager").post("/emergency/", ASKED)
    monkeypatch.setattr(django_here, "MAIL_SET", True)

    def work() -> None:
        sending.send_due()
        connections.close_all()

    from django.db import connections

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(post.kept) == 1


def test_asking_reading_ending_and_reviewing_are_in_the_audit_and_its_chain(post: Post) -> None:
    manager = client("service_manager")
    manager.post("/emergency/", ASKED)
    people(manager)
    officer, _ = officers()
    address = re.findall(r'href="(/emergencies/[0-9a-f-]+/)"', officer.get("/emergencies/").content.decode())[
        0
    ]
    officer.post(address, {"note": "Looked at and right."})
    page = officer.get("/changes/").content.decode()
    for words in (
        "Emergency access taken to RV3", REASON, "Emergency access reviewed at RV3", "Looked at and right.",
        "Read at RV3: names and addresses of who holds which role", "Read at RV3: who had emergency access",
    ):  # fmt: skip
        assert words in page
    assert "tampered" not in page
    assert REASON not in client("administrator").get("/changes/").content.decode()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organisations_emergencyaccess SET until = now() + interval '9 hours'",
        "DELETE FROM organisations_emergencyaccess",
        "DELETE FROM organisations_emergencystep",
        "UPDATE organisations_reading SET what = 'nothing'",
        "DELETE FROM organisations_reading",
        "DELETE FROM organisations_letterevent",
        "INSERT INTO organisations_emergencyaccess (id, person_id, place_id, role, reason, asked_at, until)"
        " SELECT gen_random_uuid(), id, 'RV3', 'analyst', 'not me', now(), now() + interval '1 hour'"
        " FROM organisations_person WHERE email = 'board@demo.invalid'",
        "INSERT INTO organisations_reading (person_id, place_id, kind, what, why, at)"
        " SELECT id, 'RKL', 'role', 'not me', '', now() FROM organisations_person WHERE email LIKE 'board%'",
    ],
)
def test_the_app_role_cannot_stretch_hide_or_forge_it(statement: str, workspace: Served) -> None:
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'RV3', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_database_bounds_it_whatever_the_program_asks(workspace: Served) -> None:
    told = (
        "INSERT INTO organisations_emergencyaccess (id, person_id, place_id, role, reason, asked_at, until)"
        " SELECT gen_random_uuid(), id, 'RV3', 'analyst', 'me', now(), now() + interval '13 hours'"
        " FROM organisations_person WHERE email = 'analyst@demo.invalid'"
    )
    with psycopg.connect(workspace.app) as connection:
        connection.execute(
            "SELECT set_config('joinedup.person', id::text, true) FROM organisations_person"
            " WHERE email = 'analyst@demo.invalid'"
        )
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(told)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"JOINEDUP_MAIL": "http://mail"}, "not the address"),
        ({"JOINEDUP_MAIL": "smtp://user:secret@mail"}, "not the address"),
        ({"JOINEDUP_MAIL": "smtps://mail", "JOINEDUP_MAIL_PASSWORD_FILE": "/nowhere"}, "PASSWORD_FILE"),
    ],
)
def test_a_wrong_mail_server_is_refused(given: dict[str, str], said: str) -> None:
    from joinedup_web.organisations.letters.server import mail_settings

    with pytest.raises(YourCommand, match=said) as wrong:
        mail_settings(given, "host")
    assert "secret" not in str(wrong.value)


def test_a_mail_server_is_read(tmp_path: Path) -> None:
    from joinedup_web.organisations.letters.server import mail_settings

    (tmp_path / "password").write_text("p\n")
    told = mail_settings(
        {
            "JOINEDUP_MAIL": "smtp+starttls://us%40er@mail",
            "JOINEDUP_MAIL_PASSWORD_FILE": str(tmp_path / "password"),
        },
        "h",
    )
    assert told["EMAIL_PORT"] == 587 and told["EMAIL_USE_TLS"] and not told["EMAIL_USE_SSL"]
    assert (told["EMAIL_HOST_USER"], told["EMAIL_HOST_PASSWORD"]) == ("us@er", "p") and mail_settings(
        {}, "h"
    ) == {}


def officers() -> tuple[Any, Any]:
    """The officer of the place, and one of another."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    made = []
    for email in (OFFICER, "protection@demo.invalid"):
        one = Client(**AS_DJANGO)
        one.force_login(
            get_user_model().objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend"
        )
        made.append(one)
    return made[0], made[1]


def transaction() -> Any:
    from django.db import transaction as of_django

    return of_django.atomic()


@contextmanager
def freeze(timezone: Any, later: timedelta) -> Iterator[None]:
    """As if it were later."""
    now = timezone.now
    timezone.now = lambda: now() + later
    try:
        yield
    finally:
        timezone.now = now
