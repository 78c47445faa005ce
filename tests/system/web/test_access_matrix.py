"""Every address x every role x own and other objects: the answers are those of the policy table, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from joinedup_web.organisations.demo_words import SIGN_INS
from joinedup_web.organisations.policy import OPEN, SIGNED_IN, Ask, load_policy
from tests.eighths import an_eighth
from tests.system.web.access import BOARDS, PLAIN
from tests.system.web.conftest import AS_DJANGO, Served

SOME: dict[str, str | int] = {**PLAIN, "pk": 1, "access": str(UUID(int=1))}
UNKNOWN = {
    "number", "write_note", "share_note", "end_note", "return_job_again", "initiative", "declare_plan",
    "start_replication", "name_owner", "end_initiative", "add_plan_item", "write_benefit", "end_plan_item",
    "change_benefit", "withdraw_benefit", "paper", "share_paper", "publish_paper", "tie_claim", "tracker",
    "tracker_findings",
    "newer_tracker", "tracker_file", "merge_tracker", "drop_newer", "recommendation", "answer_recommendation",
    "act_on_recommendation", "test_recommendation", "offer_evidence", "decide_evidence", "withdraw_recommendation",
    "publish_recommendation", "confirm_updates", "own_updates", "leave_updates", "updates_calendar",
    "topic", "topic_act", "topic_decide", "proposal", "proposal_act", "proposal_decide",
    "information_request", "request_act", "publish_request",
    "pack", "pack_file", "remove_pack", "end_template", "write_practice_note", "replicate_practice",
    "asset", "add_asset_version", "adopt_asset", "end_asset", "open_round", "framework_round", "score_sheet",
    "hand_in_scores", "send_scores", "scores_file", "score_domain", "sign_round", "send_agreed", "agreed_file",
    "agree_domain", "round_act",
}  # fmt: skip
"""Addresses of things of which this run has none: whoever may open them finds nothing there."""
OWN, OTHER = "RKL", "RV3"
BOARD_TABLES = (
    "body", "terms", "seat", "delegation", "meeting", "agendaitem", "paper", "clearance", "attendance", "interest",
    "decision", "action", "escalation",
)  # fmt: skip
SCRUTINY_TABLES = (
    "tracker", "row", "step", "newer", "topic", "topicstep", "proposal", "proposalstep", "request", "requeststep",
)  # fmt: skip
WALLS = {
    "returns_submission",
    "returns_submissionevent",
    "returns_finding",
    "returns_received",
    "organisations_roleheld",
    "organisations_roleheldevent",
    "organisations_personevent",
    "organisations_auditlink",
    "organisations_emergencyaccess",
    "organisations_emergencyaccessevent",
    "organisations_emergencystep",
    "organisations_emergencystepevent",
    "organisations_letter",
    "organisations_letterevent",
    "organisations_reading",
    "organisations_identitylinkevent",
    "organisations_secondfactorevent",
    "equity_note",
    "equity_noteevent",
    "api_token",
    "api_tokenevent",
    "api_allowance",
    "controllers_controllership",
    "controllers_controllershipevent",
    "collaboratives_collaborative",
    "collaboratives_collaborativeevent",
    "collaboratives_collaborativemember",
    "collaboratives_collaborativememberevent",
    *(f"packs_{table}{event}" for table in ("pack", "template") for event in ("", "event")),
    *(f"boards_{table}{event}" for table in BOARD_TABLES for event in ("", "event")),
    *(
        f"improvement_{name}{kind}"
        for name in (
            "objective", "initiative", "owner", "plan", "planitem", "verdict", "benefit", "paper", "paperclaim",
            "claimcheck", "practicenote", "asset", "assetversion", "adoption",
        )
        for kind in ("", "event")
    ),
    *(
        f"frameworks_{name}{kind}"
        for name in ("round", "party", "sheet", "handover", "agreement", "signature", "placeform")
        for kind in ("", "event")
    ),
    *(
        f"updates_{name}"
        for name in ("reader", "choice", "asking", "digest", "week", "noticed", "allowance")
    ),
    *(f"scrutiny_{name}" for one in SCRUTINY_TABLES for name in (one, f"{one}event")),
}  # fmt: skip
ELSEWHERE = {
    ("mfa_authenticate", "sign in"),
    ("mfa_deactivate_totp", "not there"),
    ("mfa_view_recovery_codes", "not there"),
    ("mfa_download_recovery_codes", "not there"),
    ("mfa_generate_recovery_codes", "not there"),
    ("mfa_reauthenticate", "not there"),
    ("mfa_login_webauthn", "sign in"),
    ("identity_begin", "not there"),
    ("identity_back", "not there"),
    ("mfa_edit_webauthn", "not there"),
    ("mfa_remove_webauthn", "not there"),
    ("mfa_reauthenticate_webauthn", "not there"),
    ("emergency_stop", "not there"),
    ("emergency_review", "not there"),
    ("revoke_token", "not there"),
    ("move_role", "not there"),
    ("end_collaborative", "not there"),
    ("undo_collaborative", "not there"),
    *((name, "not there") for name in BOARDS),
}
"""Steps of signing in that are only there between two others, and objects that these people do not have."""
PEOPLE = {sign.role: sign for sign in reversed(SIGN_INS)}


def addresses() -> list[Any]:
    from django.urls import get_resolver

    return list(_patterns(get_resolver().url_patterns))


def _patterns(patterns: Any) -> Iterator[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def client(role: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    made = Client(**AS_DJANGO)
    if role != "public":
        person = get_user_model().objects.get(email=PEOPLE[role].email)
        made.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return made


def answer(status: int, location: str) -> str:
    """What an answer says of access, whatever the page is."""
    if status == 401:
        return "sign in"
    if status == 302 and location.startswith("/account/login/"):
        return "sign in"
    return {403: "no", 404: "not there"}.get(status, "yes" if status < 500 or status == 503 else "fault")


def expected(role: str, name: str) -> str:
    policy = load_policy()
    asks = policy.asks(name)
    if asks == OPEN:
        return "yes"
    if role == "public":
        return "sign in"
    if asks == SIGNED_IN:
        return "yes"
    assert isinstance(asks, Ask)
    return "yes" if policy.reach(role, asks.action, asks.kind) else "no"


@pytest.fixture(scope="module")
def submission(django_here: Any) -> str:
    """A return that OWN sent, without a file or a job."""
    from joinedup_web.organisations.row_security import opened
    from joinedup_web.returns.models import WITHDRAWN, Submission

    with opened("a test", [OWN]):
        made = Submission.objects.create(place_id=OWN, way="page", name="matrix.zip", size=1, state=WITHDRAWN)
    return str(made.pk)


@pytest.fixture(scope="module")
def held(django_here: Any, workspace: Served) -> dict[str, str]:
    """A role held at each of two organisations, by its id."""
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [f"{OWN},{OTHER}"])
        rows = connection.execute(
            "SELECT place_id, id FROM organisations_roleheld WHERE valid_to IS NULL AND role <> 'administrator'"
        ).fetchall()
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [OWN])
        (controller,) = connection.execute(
            "SELECT id FROM controllers_controllership WHERE place_id = %s", [OWN]
        ).fetchone() or ("",)
    return {"controller": str(controller), **{place: str(identity) for place, identity in rows}}


def test_every_address_is_listed_and_nothing_else_is(django_here: Any) -> None:
    named = [pattern.name for pattern in addresses()]
    assert None not in named and len(named) == len(set(named))
    assert set(named) == set(load_policy().addresses)


@pytest.mark.parametrize("role", an_eighth(sorted(load_policy().roles)))
def test_each_role_gets_the_answers_of_the_table(
    role: str, django_here: Any, held: dict[str, str], submission: str
) -> None:
    from django.urls import reverse

    browser, wrong = client(role), []
    for pattern in addresses():
        takes = set(pattern.pattern.converters)
        told = {
            **SOME,
            "submission": submission,
            "job": 0,
            "held": held[OWN],
            "row": held["controller"],
            "code": "A234567BCD" if pattern.name in UNKNOWN else SOME["code"],
        }
        address = reverse(pattern.name, kwargs={name: told[name] for name in takes})
        got = browser.get(address, follow=False)
        said, wanted = answer(got.status_code, got.headers.get("Location", "")), expected(role, pattern.name)
        if wanted == "yes" and pattern.name in UNKNOWN:
            wanted = "not there"
        if wanted == "yes" and "submission" in takes and PEOPLE[role].place != OWN:
            wanted = "not there"  # it is of another trust
            said = (
                wanted if got.status_code == 405 else said
            )  # or nobody may ask like that: whose it is is not said
        if (pattern.name, said) in ELSEWHERE:
            said = wanted
        if said != wanted:
            wrong.append((address, said, wanted))
        if pattern.name == "account_logout":
            browser = client(role)
    assert not wrong


def test_no_address_answers_without_being_listed(django_here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shorter = load_policy().model_copy(update={"addresses": {"account_login": "open"}})
    monkeypatch.setattr("joinedup_web.organisations.middleware.load_policy", lambda: shorter)
    assert client("administrator").get("/places/").status_code == 404


@pytest.mark.parametrize("filters_off", [False, True])
def test_a_foreign_role_is_not_there(
    filters_off: bool, django_here: Any, held: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
    administrator = client("administrator")
    assert administrator.get(f"/people/{held[OWN]}/end/").status_code == 200
    assert administrator.get(f"/people/{held[OTHER]}/end/").status_code == 404
    assert administrator.post(f"/people/{held[OTHER]}/end/", {"reason": "not mine"}).status_code == 404
    for role, foreign in (("administrator", "board@"), ("service_manager", "analyst@")):
        page = client(role).get("/people/").content.decode()
        assert PEOPLE[role].email in page and foreign not in page


def test_changes_of_other_organisations_are_not_shown(
    django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for filters_off in (False, True):
        monkeypatch.setattr(django_here, "FILTERS_OFF", filters_off)
        page = client("administrator").get("/changes/").content.decode()
        assert "at RKL" in page and "at RV3" not in page


def test_a_role_cannot_be_given_elsewhere(django_here: Any) -> None:
    asked = {
        "email": "finance@demo.invalid",
        "role": "analyst",
        "place": OTHER,
        "from_day": "2026-01-01",
        "reason": "try",
    }
    refused = client("administrator").post("/people/give/", asked)
    assert refused.status_code == 422 and "There is a problem" in refused.content.decode()


def test_a_role_is_given_ended_and_audited(django_here: Any, workspace: Served) -> None:
    today = date.today()
    asked = {
        "email": "finance@demo.invalid",
        "role": "analyst",
        "place": OWN,
        "from_day": "2026-01-01",
        "reason": "covers for a month",
    }
    administrator = client("administrator")
    assert administrator.post("/people/give/", asked).status_code == 302
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [OWN])
        row = connection.execute(
            "SELECT id FROM organisations_roleheld WHERE reason = %s", [asked["reason"]]
        ).fetchone()
    assert row is not None
    assert administrator.post(f"/people/{row[0]}/end/", {"reason": ""}).status_code == 422
    assert administrator.post(f"/people/{row[0]}/end/", {"reason": "the month is over"}).status_code == 302
    page = administrator.get("/changes/").content.decode()
    assert (
        "covers for a month" in page and "the month is over" in page and "Demo: system administrator" in page
    )
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [OWN])
        (until,) = connection.execute(
            "SELECT valid_to FROM organisations_roleheld WHERE id = %s", [row[0]]
        ).fetchone() or (None,)
    assert until is not None and until < today


def test_a_role_that_has_ended_opens_nothing(django_here: Any, workspace: Served) -> None:
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.get(email="scrutiny@demo.invalid")
    with psycopg.connect(workspace.owner) as connection:
        connection.execute("SELECT set_config('joinedup.places', 'GB-LAE-BEN', true)")
        connection.execute(
            "UPDATE organisations_roleheld SET valid_to = '2025-01-01' WHERE person_id = %s", [person.pk]
        )
    try:
        assert client("scrutiny_officer").get("/explore/").status_code == 403
    finally:
        with psycopg.connect(workspace.owner) as connection:
            connection.execute("SELECT set_config('joinedup.places', 'GB-LAE-BEN', true)")
            connection.execute(
                "UPDATE organisations_roleheld SET valid_to = NULL WHERE person_id = %s", [person.pk]
            )
    assert client("scrutiny_officer").get("/explore/").status_code == 200


def test_without_a_setting_there_are_no_rows(workspace: Served) -> None:
    for address in (workspace.app, workspace.owner):
        with psycopg.connect(address) as connection:
            for table in WALLS - ({"organisations_auditlink"} if address == workspace.owner else set()):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_every_table_of_an_organisation_is_walled_and_the_app_owns_nothing(workspace: Served) -> None:
    with psycopg.connect(workspace.owner) as connection:
        walled = connection.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND c.relforcerowsecurity AND c.relkind = 'r'"
        ).fetchall()
        with_place = connection.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'place_id'"
        ).fetchall()
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = 'joinedup_app'::regrole"
        ).fetchone()
    assert {name for (name,) in with_place} <= {name for (name,) in walled} == WALLS
    assert owned == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organisations_roleheldevent SET reason = 'another'",
        "DELETE FROM organisations_roleheldevent",
        "INSERT INTO organisations_personevent (pgh_created_at, pgh_label, id, email, name, is_active)"
        " VALUES (now(), 'insert', gen_random_uuid(), 'a@b.invalid', '', true)",
        "TRUNCATE organisations_roleheldevent",
        "UPDATE organisations_auditlink SET seal = previous",
        "INSERT INTO organisations_auditlink (place_id, source, event, entry, previous, seal)"
        " VALUES ('RKL', '', 0, '', 'x', '')",
        "SELECT joinedup_seal()",
        "ALTER TABLE organisations_roleheld DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE organisations_roleheld DISABLE TRIGGER ALL",
        "UPDATE organisations_place SET name = 'another'",
        "SET ROLE joinedup_owner",
    ],
)
def test_the_app_role_cannot_touch_audit_register_or_walls(statement: str, workspace: Served) -> None:
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [OWN])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_rows_cannot_be_written_for_another_place(workspace: Served) -> None:
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [OWN])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE organisations_roleheld SET place_id = %s", [OTHER])


def test_raw_sql_is_audited_too(workspace: Served) -> None:
    with psycopg.connect(workspace.app) as connection:
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [OWN])
        before = connection.execute("SELECT count(*) FROM organisations_roleheldevent").fetchone()
        changed = connection.execute(
            "UPDATE organisations_roleheld SET reason = reason || '.' WHERE place_id = %s", [OWN]
        ).rowcount
        after = connection.execute("SELECT count(*) FROM organisations_roleheldevent").fetchone()
        connection.rollback()
    assert changed > 0 and before is not None and after is not None and after[0] == before[0] + changed


def test_the_register_is_as_at_a_day(django_here: Any) -> None:
    browser = client("resident")
    now, then = (browser.get(f"/places/?on={day}").content.decode() for day in ("2025-06-01", "2012-06-01"))
    assert "Primary care trusts" in then and "Primary care trusts" not in now
    assert "North West London Integrated Care Board" in now or "Integrated care boards" in now
    assert browser.get("/places/?on=nonsense").status_code == 400
