"""Tokens of the API: what they open and for how long, who makes and ends them, and how often one may ask."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from joinedup.errors import YourCommand
from joinedup_web.organisations.policy import Ask, load_policy
from tests.system.web.api_people import KINDS, address_of, ask, body, operations, person_of, token_for
from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import PEOPLE, client

# who may ask


@pytest.mark.parametrize("role", sorted(set(PEOPLE) - {"administrator"}))
def test_a_token_opens_what_its_person_may_open_and_no_more(role: str, django_here: Any) -> None:
    secret, policy, wrong = token_for(role)[1], load_policy(), []
    for operation in operations():
        asks = policy.asks(operation.name)
        may = not isinstance(asks, Ask) or policy.reach(role, asks.action, asks.kind) is not None
        status = ask(address_of(operation), secret).status_code
        if (status != 403) != may or status in (401, 500):
            wrong.append((operation.name, status))
    assert not wrong


def test_without_a_token_everything_but_the_description_is_shut(django_here: Any) -> None:
    for operation in operations():
        answer = ask(address_of(operation))
        if load_policy().asks(operation.name) == "open":
            assert answer.status_code == 200
        else:
            assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert answer.headers["Content-Type"] == "application/problem+json" and body(answer)["remedy"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_for_one_kind_of_thing_does_not_open_another(kind: str, django_here: Any) -> None:
    secret, policy = token_for("analyst", kinds=(kind,))[1], load_policy()
    for operation in operations():
        asks, answer = policy.asks(operation.name), ask(address_of(operation), secret)
        if isinstance(asks, Ask) and asks.kind != kind:
            assert answer.status_code == 403 and "insufficient_scope" in answer.headers["WWW-Authenticate"]
            assert asks.kind in body(answer)["detail"]
        elif isinstance(asks, Ask) and policy.reach("analyst", asks.action, asks.kind) is None:
            assert answer.status_code == 403 and "WWW-Authenticate" not in answer.headers
        else:
            assert answer.status_code != 403


def test_what_is_no_token_opens_nothing(django_here: Any) -> None:
    from joinedup_web.api.models import Token

    for wrong in ("joinedup_" + "a" * 43, "x", "", " ", "'; DROP TABLE api_token; --", "a" * 5000):
        answer = ask("me", HTTP_AUTHORIZATION=f"Bearer {wrong}")
        assert answer.status_code == 401 and "invalid_token" in answer.headers["WWW-Authenticate"]
    kept = token_for("analyst")[0].sha256
    assert ask("me", kept).status_code == 401  # what is stored opens nothing
    assert ask("me", HTTP_AUTHORIZATION="Basic YTpi").status_code == 401
    assert "joinedup_" not in Token(sha256=kept).sha256 and len(kept) == 64


def test_a_wrong_token_is_not_saved_by_a_session(django_here: Any) -> None:
    browser = client("analyst")
    assert browser.get("/api/v1/me").status_code == 200
    assert browser.get("/api/v1/me", HTTP_AUTHORIZATION="Bearer nothing").status_code == 401


def test_a_session_reads_and_changes_nothing(django_here: Any) -> None:
    browser = client("analyst")
    assert browser.get("/api/v1/measures/M195").status_code == 200
    for method in ("post", "put", "patch", "delete"):
        assert getattr(browser, method)("/api/v1/measures/M195").status_code in (401, 405)
    refused = ask("measures/M195", token_for("analyst")[1], method="post")
    assert refused.status_code == 405 and refused.headers["Allow"] == "GET" and body(refused)["status"] == 405


def test_a_token_that_has_ended_or_expired_says_so(django_here: Any, workspace: Served) -> None:
    from django.db import transaction

    from joinedup_web.api.actions import revoke_token
    from joinedup_web.organisations.scope import scope_of

    token, secret = token_for("analyst")
    assert ask("me", secret).status_code == 200
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.person', %s, true)", [str(token.person_id)])
        connection.execute("UPDATE api_token SET expires = '2026-01-31' WHERE id = %s", [token.pk])
    told = ask("me", secret)
    assert told.status_code == 401 and "expired on 31 January 2026" in body(told)["detail"]
    token, secret = token_for("analyst")
    with transaction.atomic():
        revoke_token(by=scope_of(person_of("analyst"), date.today()), token=token)
    told = ask("me", secret)
    assert told.status_code == 401 and "was ended" in body(told)["detail"]


def test_a_token_acts_as_its_person_does_today(django_here: Any, workspace: Served) -> None:
    """Roles that have ended, and an account that was closed, close the token too."""
    secret, person = token_for("scrutiny_officer")[1], person_of("scrutiny_officer")
    assert ask("figures?limit=1", secret).status_code == 200

    def say(statement: str) -> None:
        with psycopg.connect(workspace.owner) as connection:
            connection.execute("SELECT set_config('joinedup.places', 'GB-LAE-BEN', true)")
            connection.execute(statement, [person.pk])

    say("UPDATE organisations_roleheld SET valid_to = '2025-01-01' WHERE person_id = %s")
    try:
        assert ask("figures?limit=1", secret).status_code == 403
    finally:
        say("UPDATE organisations_roleheld SET valid_to = NULL WHERE person_id = %s")
    say("UPDATE organisations_person SET is_active = false WHERE id = %s")
    try:
        assert ask("figures?limit=1", secret).status_code == 401
    finally:
        say("UPDATE organisations_person SET is_active = true WHERE id = %s")
    assert ask("figures?limit=1", secret).status_code == 200


# tokens


def test_a_token_is_made_shown_once_listed_and_ended(django_here: Any, workspace: Served) -> None:
    from tests.system.web.test_signing_in import browser, sign_in

    made = browser()
    sign_in(made, "manager@demo.invalid", workspace.password)
    kept = {"HTTP_REFERER": "http://127.0.0.1/account/tokens/new/"}
    again = made.get("/account/tokens/new/", follow=True).content.decode()
    csrf = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', again)
    assert csrf is not None and "Released figures, definitions" not in again
    who = {"csrfmiddlewaretoken": csrf[1], "password": workspace.password, "next": "/account/tokens/new/"}
    page = made.post("/account/reauthenticate/", who, follow=True, **kept).content.decode()
    csrf = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert csrf is not None and "Released figures, definitions" in page
    asked = {
        "csrfmiddlewaretoken": csrf[1], "name": "nightly <b>report</b>", "kinds": ["figure"],
        "expires": (date.today() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    answer = made.post("/account/tokens/new/", asked, **kept)
    found = re.search(r"joinedup_[A-Za-z0-9_-]{43}", answer.content.decode())
    assert answer.status_code == 200 and found is not None and answer.headers["Cache-Control"] == "no-store"
    secret = found[0]
    assert [role["role"] for role in body(ask("me", secret))["roles"]] == ["service_manager"]
    again = made.post("/account/tokens/new/", asked, **kept)
    assert again.status_code == 422 and "already have a token" in again.content.decode()
    listed = made.get("/account/tokens/").content.decode()
    assert (
        secret not in listed and "nightly &lt;b&gt;report" in listed and f"{date.today():%-d %B %Y}" in listed
    )
    end = re.search(r"/account/tokens/[0-9a-f-]{36}/end/", listed)
    assert end is not None
    assert made.post(end[0], {"csrfmiddlewaretoken": csrf[1]}, **kept).status_code == 302
    assert (
        ask("me", secret).status_code == 401 and "Ended on" in made.get("/account/tokens/").content.decode()
    )


@pytest.mark.parametrize("filters_off", [False, True])
def test_a_foreign_token_is_not_there(
    filters_off: bool, django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, secret = token_for("analyst", name=f"mine {filters_off}")
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    board = client("board_member")
    assert board.get(f"/account/tokens/{token.pk}/end/").status_code == 404
    assert board.post(f"/account/tokens/{token.pk}/end/").status_code == 404
    assert f"mine {filters_off}" not in board.get("/account/tokens/").content.decode()
    assert f"mine {filters_off}" in client("analyst").get("/account/tokens/").content.decode()
    assert ask("me", secret).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "   "}, "no name"),
        ({"kinds": ("role",)}, "no more than your own roles"),
        ({"kinds": ("audit", "figure")}, "no more than your own roles"),
        ({"kinds": ()}, "no more than your own roles"),
        ({"days": 366}, "a year at most"),
        ({"days": -1}, "today at least"),
    ],
)
def test_a_token_reaches_no_further_and_no_longer_than_it_may(
    wrong: dict[str, Any], words: str, django_here: Any
) -> None:
    with pytest.raises(YourCommand, match=words):
        token_for("analyst", **wrong)


def test_nobody_has_more_tokens_than_they_can_look_after(django_here: Any) -> None:
    token_for("finance_lead")
    with pytest.raises(YourCommand, match="End one"):
        token_for("finance_lead", most=1)


def test_making_a_token_asks_who_it_is_again(django_here: Any) -> None:
    browser = client("analyst")  # signed in, but not by a password just now
    answer = browser.get("/account/tokens/new/")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/account/reauthenticate/")
    asked = {"name": "sneaked in", "kinds": ["figure"], "expires": date.today().isoformat()}
    assert browser.post("/account/tokens/new/", asked).headers["Location"] == "/account/tokens/new/"
    assert "sneaked in" not in browser.get("/account/tokens/").content.decode()


def test_tokens_are_walled_and_audited_without_their_hash(django_here: Any, workspace: Served) -> None:
    token = token_for("clinician", name="walled")[0]
    with psycopg.connect(workspace.app) as connection:
        for table in ("api_token", "api_tokenevent", "api_allowance"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        connection.execute("SELECT set_config('joinedup.person', %s, true)", [str(token.person_id)])
        row = connection.execute("SELECT * FROM api_tokenevent WHERE id = %s", [token.pk]).fetchone()
        assert row is not None and token.sha256 not in str(row) and "made on the page" in str(row)
        assert connection.execute("DELETE FROM api_token").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM api_tokenevent")
    with psycopg.connect(workspace.app) as connection:  # another's token cannot be made
        connection.execute("SELECT set_config('joinedup.person', %s, true)", [str(person_of("resident").pk)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO api_token (id, person_id, name, kinds, sha256, made, expires)"
                " VALUES (gen_random_uuid(), %s, 'x', '{figure}', 'y', now(), now())",
                [token.person_id],
            )


# how much


def test_an_allowance_is_used_up_and_refills(django_here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_here, "API_RATE", (1, 3))  # three at once, one more a minute
    secret, other = token_for("analyst")[1], token_for("analyst")[1]
    answers = [ask("me", secret) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert re.search(r"r=0;t=1[78]\d", answers[2].headers["RateLimit"])
    assert 55 <= int(answers[3].headers["Retry-After"]) <= 60 and body(answers[3])["status"] == 429
    assert ask("me", other).status_code == 200  # each token has its own
    monkeypatch.setattr(django_here, "API_RATE", (60_000, 3))
    assert ask("me", secret).status_code in (200, 429)  # what was asked before is still made good
    monkeypatch.setattr(django_here, "API_RATE", (60_000, 1_000_000))
    assert ask("me", secret).status_code == 200
