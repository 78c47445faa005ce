"""The page of a framework: its pictures say what the numbers say, in three sizes, for each framework."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.charts.frameworks import beside, on_two_maps, reached, spread
from joinedup.errors import YourCommand
from joinedup.governance.frameworks.comparing import compare, on_map
from joinedup.reports.content import Block
from joinedup.reports.framework_page import AFTER, BEFORE, framework_report
from joinedup.reports.html import render_html
from tests.unit.governance.framework_forms import PAPER, PBP, WCC, moderated, results, scores, sheet, world

FOUND = results(*world())
PLACES = FOUND.of(PBP.slug)


def test_the_report_has_a_section_for_each_question_and_each_place() -> None:
    report = framework_report(FOUND, PBP.slug)
    slugs = [section.slug for section in report.sections]
    assert slugs[:3] == ["beside", "when", "maps"] and len([s for s in slugs if s.startswith("pbp-")]) == 7
    blocks = {
        item.slug: item for section in report.sections for item in section.items if isinstance(item, Block)
    }
    assert len(blocks["questions"].table.rows) == 6 and len(blocks["statements"].table.header) == 5
    assert "50,000 to 100,000" in blocks["neighbourhoods-pbp-brent"].title
    assert blocks["local"].table.rows[0][:2] == ("Brent", "Mens sheds")
    assert "ours" in dict(report.facts)["Whose texts"]


def test_pictures_are_drawn_in_each_size_with_words_beside_colours() -> None:
    first, second = on_map(PLACES, BEFORE), on_map(PLACES, AFTER)
    latest = PLACES[1].latest
    assert latest is not None
    pictures = (
        spread(latest, caption="c"), beside(compare(PLACES), caption="c"),
        reached([(one, one.pace()) for one in PLACES], caption="c"),
        on_two_maps(first, second, (BEFORE, AFTER), 4, caption="c"),
    )  # fmt: skip
    for picture in pictures:
        for size in ("page", "phone"):
            svg = picture.drawn(size)
            assert 'role="img"' in svg and "<text" in svg
        assert picture.title and picture.sentence and picture.how_to_read and picture.table.rows
    assert "differ on" in pictures[0].title and "Furthest apart" in pictures[0].sentence
    assert pictures[3].title.startswith(
        "8 of 8 boroughs were assessed on the first map, 8 of 13 on the second"
    )
    assert len(pictures[3].table.rows) == 13 and "Enfield" in pictures[3].sentence


def test_levels_that_do_not_stand_are_told_at_the_top() -> None:
    report = framework_report(results(moderated(given=scores({"inclusive_board": 4}))), PBP.slug)
    assert "1 level was claimed above what evidence allows" in report.headlines[1].text


def test_before_anybody_decides_nothing_stands_and_proposals_are_shown() -> None:
    report = framework_report(results(sheet(), sheet(partner="NHS", level=1)), PBP.slug)
    assert "No place has decided" in report.headlines[0].text
    gaps = next(
        item for section in report.sections for item in section.items if item.slug == "gaps-pbp-brent"
    )
    assert gaps.table.rows[0][1] == "not decided; 1 proposed"


def test_views_stand_beside_each_other_with_their_differences() -> None:
    names = [one.slug for one in WCC.criteria]
    common = {"place": "5LC", "framework": WCC, "partner": "", "day": date(2009, 3, 1), "round_": "2008-09"}
    own = scores(dict.fromkeys(names, 2))
    panel = scores({**dict.fromkeys(names, 2), names[0]: 3}, {names[0]: (PAPER,)})
    filled = [
        sheet(view=view, given=given, **common)
        for view, given in (("self", own), ("peer", own), ("panel", panel))
    ]  # type: ignore[arg-type]
    report = framework_report(results(*filled), WCC.slug)
    views = next(section for section in report.sections if section.slug == "views-5lc")
    means, apart = (item.table.rows for item in views.items)
    assert (
        means[0] == ("every core criterion", "2.00", "2.00", f"{(32 * 2 + 3) / 33:.2f}")
        and means[1][0] == "Commissioning of acute care"
    )
    assert [row[1:] for row in apart] == [("2", "3", "+1")]
    assert "maps" not in [section.slug for section in report.sections]
    assert "Westminster" in render_html(report)


def test_what_partners_write_is_text_and_nothing_else() -> None:
    nasty = moderated(given=scores({"inclusive_board": 2}, park=2))
    score = nasty.scores[1].__class__(
        "local.park", 2, "", (), "<script>alert(1)</script>", "service_delivery"
    )
    page = render_html(framework_report(results(moderated(given=(*nasty.scores[:1], score))), PBP.slug))
    assert "<script" not in page and "&lt;script&gt;" in page


def test_forms_of_another_framework_are_no_report() -> None:
    with pytest.raises(YourCommand, match="No form of this framework"):
        framework_report(FOUND, WCC.slug)
