"""Frameworks in the demo's world: finished and open rounds, places beside each other, charter and neighbourhoods."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from joinedup.governance.reading import read_bytes
from tests.system.web.board_people import acting, browser

ALL = "/frameworks/place_based_partnership/"
BRENT = f"{ALL}PBP-BRENT/"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_demo_has_finished_and_open_rounds_and_says_that_they_are_invented(django_here: Any) -> None:
    from joinedup_web.governance.frameworks.models import SCORING, SIGNED, Round

    with acting("programme"):
        signed = set(Round.objects.filter(state=SIGNED).values_list("unit_id", flat=True))
    assert {"PBP-BRENT", "PBP-EALING", "PBP-HARROW", "PBP-HOUNSLOW"} <= signed
    with acting("partnership"):
        assert Round.objects.filter(state=SCORING, unit_id="PBP-BRENT", note__startswith="Invented").exists()
        assert all(
            one.note.startswith("Invented") for one in Round.objects.filter(opened_by="joinedup serve")
        )
    assert "Invented for the demo" in text(browser("programme").get(BRENT))


def test_places_stand_beside_each_other_on_what_can_be_compared(django_here: Any) -> None:
    """Given four partnerships that signed, then all seven are listed, and both maps have the boroughs of their day."""
    told = text(browser("programme").get(ALL))
    for name in (
        "Bi-Borough",
        "Brent",
        "Ealing",
        "Hammersmith and Fulham",
        "Harrow",
        "Hillingdon",
        "Hounslow",
    ):
        assert f"{name} Place-Based Partnership" in told
    assert "Compared on the 12 core criteria" in told and "None is signed yet" in told
    assert "The texts are ours." in told and "Barnet" in told  # a borough of the map after the merger


def test_a_place_shows_levels_gaps_pace_and_what_is_to_be_settled(django_here: Any) -> None:
    told = text(browser("partnership").get(BRENT))
    assert "gaps to level 4" in told and "One number to ring for every team (invented)" in told
    assert "cannot" in told or "about" in told  # pace: with limits, or that it cannot be told
    assert "Two are accountable for one duty" in told and "too large" in told.lower()
    assert "112,000" in told
    outside = text(browser("programme").get(BRENT))
    assert "gaps to level 4" in outside and "Two are accountable" not in outside


def test_the_result_is_downloaded(django_here: Any) -> None:
    answer = browser("programme").get(f"{BRENT}result.xlsx")
    book, _ = read_bytes(answer.content, "result.xlsx")
    assert any("One accountable lead" in str(row) for sheet in book.sheets for row in sheet.rows)
    levels = browser("programme").get(f"{BRENT}result.csv")
    assert "One accountable lead" in levels.content.decode("utf-8-sig")
    assert browser("programme").get(f"{ALL}PBP-HILLINGDON/result.csv").status_code == 404
    for address in ("/frameworks/nothing/", f"{ALL}RV3/", f"{ALL}NOBODY/"):
        assert browser("programme").get(address).status_code == 404


def test_a_register_of_neighbourhoods_goes_out_and_comes_in(django_here: Any) -> None:
    """Given the register as kept, when it is sent back changed, then its page judges the sizes anew."""
    keeper, page = browser("partnership"), f"{BRENT}neighbourhoods/"
    kept = keeper.get(f"{page}form.yaml").content
    assert browser("programme").get(f"{page}send/").status_code in (403, 404)
    try:
        smaller = SimpleUploadedFile("register.yaml", kept.replace(b"112000", b"99000"))
        assert keeper.post(f"{page}send/", {"file": smaller}).status_code == 302
        assert "112,000" not in text(keeper.get(BRENT)) and "99,000" in text(keeper.get(BRENT))
        wrong = SimpleUploadedFile("register.yaml", kept.replace(b"112000", b"many"))
        refused = keeper.post(f"{page}send/", {"file": wrong})
        assert refused.status_code == 422 and "This is no number that can stand here" in text(refused)
        assert "99,000" in text(keeper.get(BRENT))
        charter = SimpleUploadedFile("charter.yaml", keeper.get(f"{BRENT}charter/form.yaml").content)
        assert keeper.post(f"{page}send/", {"file": charter}).status_code == 422
    finally:
        keeper.post(f"{page}send/", {"file": SimpleUploadedFile("invented for the demo.yaml", kept)})


@pytest.mark.parametrize("who", ["resident", "administrator"])
def test_others_have_no_way_in(django_here: Any, who: str) -> None:
    assert browser(who).get("/frameworks/").status_code == 403
