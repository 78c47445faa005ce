"""Agreed once for several trusts: each trust says for itself; overdue reviews are told; the register is a file too."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.system.web.conftest import AS_DJANGO, Served
from tests.system.web.test_access_matrix import client

PLACE = "NWL-MH"
HASH = "0123456789abcdef" * 4


@pytest.fixture
def signed_in(django_here: Any) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    def as_person(email: str) -> Any:
        made = Client(**AS_DJANGO)
        person = get_user_model().objects.get(email=email)
        made.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        return made

    return as_person


@pytest.fixture
def manager(signed_in: Any) -> Any:
    return signed_in("programme@demo.invalid")


@pytest.fixture
def at_rkl(signed_in: Any) -> Any:
    """Somebody who writes at West London."""
    return signed_in("analyst@demo.invalid")


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def registered(browser: Any, title: str) -> str:
    asked = {
        "kind": "policy", "title": title, "email": "programme@demo.invalid", "trusts": ["RKL", "RV3"], "place": PLACE,
    }  # fmt: skip
    refused = browser.post("/improvement/agreed-once/new/", {**asked, "trusts": ["RKL"]})
    assert refused.status_code == 422 and "two trusts or more" in text(refused)
    assert (
        browser.post("/improvement/agreed-once/new/", {**asked, "email": "no@body.invalid"}).status_code
        == 422
    )
    made = browser.post("/improvement/agreed-once/new/", asked)
    assert made.status_code == 302, text(made)
    return str(made.headers["Location"]).removesuffix("version/")


def versioned(browser: Any, address: str, **more: Any) -> Any:
    asked = {"version": "1", "agreed_on": "2025-04-01", "review_by": "2099-04-01", "sha256": HASH, **more}
    return browser.post(f"{address}version/", asked)


def version_of(page: str) -> str:
    found = re.search(r'value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]


def test_it_is_registered_and_each_trust_says_for_itself(
    manager: Any, at_rkl: Any, workspace: Served
) -> None:
    address = registered(manager, "Policy on letters")
    assert "No version is entered yet" in text(manager.get(address))
    for wrong, words in (
        ({"sha256": ""}, "known by its link, or by its SHA-256"), ({"sha256": "abc"}, "64 letters and digits"),
        ({"review_by": "2025-03-01"}, "reviewed after it was agreed"), ({"link": "javascript:x"}, "valid URL"),
    ):  # fmt: skip
        answer = versioned(manager, address, **wrong)
        assert answer.status_code == 422 and words in text(answer), wrong
    assert versioned(manager, address).status_code == 302
    assert "entered already" in text(versioned(manager, address))
    assert manager.get(f"{address}adopt/").status_code == 404, (
        "whoever registers it does not speak for a trust"
    )
    form = text(at_rkl.get(f"{address}adopt/"))
    assert "RV3" not in form.partition("<select")[2].partition("</select>")[0]
    said = {"trust": "RKL", "version": version_of(form), "state": "adopted with changes", "on": "2025-06-01"}
    for wrong, words in (
        ({}, "what was changed"), ({"state": "adopted", "on": ""}, "Give the day"), ({"trust": "RV3"}, "valid choice"),
        ({"state": "adopted", "on": "2099-01-01"}, "not later than today"), ({"state": "declined"}, "why it was"),
    ):  # fmt: skip
        answer = at_rkl.post(f"{address}adopt/", {**said, **wrong})
        assert answer.status_code == 422 and words in text(answer), wrong
    assert at_rkl.post(f"{address}adopt/", {**said, "words": "Letters in large print"}).status_code == 302
    page = text(manager.get(address))
    assert (
        "Adopted with changes on 1 June 2025: Letters in large print" in page
        and "1 of 2 trusts (50%)" in page
    )
    listed = "Policy on letters"
    before = (
        text(manager.get("/improvement/agreed-once/?on=2025-05-31"))
        .partition(listed)[2]
        .partition("</tr>")[0]
    )
    after = (
        text(manager.get("/improvement/agreed-once/?on=2025-06-01"))
        .partition(listed)[2]
        .partition("</tr>")[0]
    )
    assert "0 of 2 trusts (0%)" in before and "1 of 2 trusts (50%)" in after
    assert versioned(manager, address, version="2", agreed_on="2025-07-01").status_code == 302
    assert "Earlier version in use" in text(manager.get(address))
    assert (
        at_rkl.post(f"{address}adopt/", {**said, "state": "declined", "on": "", "words": "Costs"}).status_code
        == 302
    )
    page = text(manager.get(address))
    assert "Declined: Costs" in page and "0 of 2 trusts" in page and "Letters in large print" in page, (
        "history stays"
    )
    assert at_rkl.post(f"{address}end/", {"reason": "Not ours"}).status_code == 404
    assert manager.post(f"{address}end/", {"reason": "One national policy"}).status_code == 302
    assert versioned(manager, address, version="3").status_code == 422
    with psycopg.connect(workspace.app) as connection:
        assert connection.execute("SELECT count(*) FROM improvement_adoption").fetchone() == (0,)
        connection.execute("SELECT set_config('joinedup.person', 'somebody', true)")
        connection.execute("SELECT set_config('joinedup.places', 'RV3', true)")
        changed = connection.execute("UPDATE improvement_adoption SET words = 'x' WHERE place_id = 'RKL'")
        assert changed.rowcount == 0, "no trust writes another's word"


def test_a_review_that_is_overdue_is_told_to_its_owner(manager: Any) -> None:
    from django.utils import timezone

    address = registered(manager, "Policy on keys")
    yesterday = timezone.localdate() - timedelta(days=1)
    assert versioned(manager, address, review_by=str(yesterday + timedelta(days=1))).status_code == 302
    assert "Policy on keys" not in text(manager.get("/")), "today is not overdue"
    assert (
        versioned(manager, address, version="2", agreed_on="2025-05-01", review_by=str(yesterday)).status_code
        == 302
    )
    assert "A review is overdue: Policy on keys, version 2" in text(manager.get("/"))
    assert "Its review is overdue" in text(manager.get(address))
    assert "Overdue" in text(manager.get("/improvement/agreed-once/"))
    assert "Policy on keys" not in text(client("board_member").get("/")), (
        "who neither owns nor keeps it is not told"
    )
    assert manager.post(f"{address}end/", {"reason": "No keys any more"}).status_code == 302
    assert "Policy on keys" not in text(manager.get("/"))


def test_the_register_leaves_as_a_file_and_runs_no_formula(manager: Any) -> None:
    title = '=HYPERLINK("http://x")'
    address = registered(manager, title)
    versioned(manager, address)
    sheet = manager.get("/improvement/agreed-once/file/csv/").content.decode("utf-8-sig")
    assert f"'{title}".replace('"', '""') in sheet and "Not yet" in sheet
    answer = manager.get("/improvement/agreed-once/file/xlsx/")
    assert "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    assert any("=HYPERLINK" in part for part in parts.values()), "it is there as text"
    assert not any(re.search(r"<f[ >]", part) for name, part in parts.items() if "worksheets" in name)
    assert manager.get("/improvement/agreed-once/file/exe/").status_code == 404
    assert manager.get("/improvement/agreed-once/?on=soon").status_code == 422
    assert client("board_member").get(address).status_code == 200
    assert client("board_member").post("/improvement/agreed-once/new/", {}).status_code in (403, 404)


def test_the_demo_has_one_adopted_by_half_and_overdue(manager: Any) -> None:
    page = text(manager.get("/improvement/agreed-once/"))
    assert "Missed appointments in NHS Talking Therapies" in page and "Planned for 1 December 2026" in page
    assert "A review is overdue: Missed appointments" in text(manager.get("/"))
