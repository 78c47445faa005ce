"""Best practice in the workspace: nobody or somebody in words, the stage, notes by people, a replication elsewhere."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from joinedup.disclosure import release
from joinedup_web.equity.practices import write_practices
from tests.published_worlds import BRENT, EALING, EIGHT, rises_in_brent, write_state
from tests.simulation.practice_worlds import world
from tests.system.web.conftest import AS_DJANGO, Served
from tests.system.web.test_access_matrix import client

PLACE, HARROW = "NWL-MH", "E09000015"
ASKED = "/improvement/practice/?measure=M195&by=borough"


@pytest.fixture
def manager(django_here: Any) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    made = Client(**AS_DJANGO)
    person = get_user_model().objects.get(email="programme@demo.invalid")
    made.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return made


@pytest.fixture
def states(django_here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "figures"
    folder.mkdir()
    monkeypatch.setattr("joinedup_web.equity.opening.folder", lambda: folder)
    return folder


def state(folder: Path, number: int, better: float) -> None:
    """A state in which people in Harrow recover so much more often, or as people elsewhere do."""
    made = write_state(folder, number, rises_in_brent(0))
    at = EIGHT.index(HARROW)
    found = replace(world(np.random.default_rng(5), 3_000, better=better, place=at), places=tuple(EIGHT))
    registry = write_practices((release(found),), made, "Figures of a test.")
    (made / "registry.json").write_text(json.dumps(registry))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_nobody_is_an_answer_and_none_yet_says_so(manager: Any, states: Path) -> None:
    write_state(states, 920, rises_in_brent(0))
    assert "Nothing is released of this yet" in text(manager.get(ASKED))
    state(states, 921, 0.0)
    page = text(manager.get(ASKED))
    assert "Nobody is really better: in none of the 8 boroughs" in page and "That is the usual answer" in page
    assert "Start a replication" not in page and "<svg" in page
    assert "chance can explain the difference" in page and "worst" not in page.lower()
    assert "Nothing is released of this yet" in text(manager.get(ASKED.replace("borough", "service")))
    assert manager.get("/improvement/practice/?measure=M999").status_code == 404
    assert manager.get(f"/improvement/practice/M195/{HARROW}/replicate/").status_code == 404, (
        "nobody is named"
    )
    assert "Best practice" in text(manager.get("/improvement/"))


def test_what_they_do_differently_is_written_and_taken_over_elsewhere(
    manager: Any, states: Path, workspace: Served
) -> None:
    state(states, 930, 0.16)
    page = text(manager.get(ASKED))
    assert "People in Harrow really do better:" in page and "more go on" in page
    code = re.search(r"/number/([A-Z2-7]{10})/", page)
    assert code is not None
    assert "Made of" in text(manager.get(f"/number/{code[1]}/")), "every number opens"
    note, replicate = (f"/improvement/practice/M195/{HARROW}/{what}/" for what in ("note", "replicate"))
    assert manager.post(note, {"text": " ", "place": PLACE}).status_code == 422
    assert (
        manager.post(note, {"text": "Every case is reviewed at session four", "place": PLACE}).status_code
        == 302
    )
    page = text(client("board_member").get(ASKED))
    assert "Every case is reviewed at session four" in page and "Start a replication" not in page
    assert "Demo: service manager" in page
    form = text(manager.get(f"{replicate}?at={BRENT}"))
    assert "Every case is reviewed at session four" in form and f'value="{BRENT}" selected' in form
    stream = re.search(r'value="([0-9a-f-]{36})"[^>]*>\s*Talking Therapies<', form)
    assert stream is not None
    asked = {
        "at": BRENT, "what": "Cases reviewed at session four", "start": "2026-04", "population": "Adults in Brent",
        "workstream": stream[1], "place": PLACE,
    }  # fmt: skip
    assert manager.post(replicate, {**asked, "at": HARROW}).status_code == 422
    assert "Write the month" in text(manager.post(replicate, {**asked, "start": "soon"}))
    made = manager.post(replicate, asked)
    assert made.status_code == 302, text(made)
    page = text(manager.get(made.headers["Location"]))
    assert "Reliable recovery as in Harrow: Brent" in page and "Judged after" in page and "12 months" in page
    predicted = re.search(r"(\d+\.\d)%, Reliable recovery", page)
    assert predicted is not None and 55 < float(predicted[1]) < 65, "half, and the difference that was seen"
    assert (
        "Ealing" in page.partition("Compared with")[2][:400]
        and "Harrow" not in page.partition("Compared with")[2][:200]
    )
    assert "Reliable recovery as in Harrow: Brent" in text(manager.get(ASKED)), (
        "what was taken over is listed"
    )
    with psycopg.connect(workspace.app) as connection:
        assert connection.execute("SELECT count(*) FROM improvement_practicenote").fetchone() == (0,)
        connection.execute("SELECT set_config('joinedup.places', %s, true)", [PLACE])
        told = connection.execute("SELECT pgh_label FROM improvement_practicenoteevent").fetchall()
    assert ("insert",) in told


def test_others_may_not_write_and_what_was_not_compared_is_not_there(manager: Any, states: Path) -> None:
    state(states, 940, 0.16)
    for what in ("note", "replicate"):
        address = f"/improvement/practice/M195/{HARROW}/{what}/"
        assert client("board_member").post(address, {"text": "x", "place": PLACE}).status_code in (403, 404)
        assert manager.get(f"/improvement/practice/M195/XYZ/{what}/").status_code == 404
    foreign = {"text": "For somebody else", "place": "RYX"}
    assert manager.post(f"/improvement/practice/M195/{EALING}/note/", foreign).status_code == 422
