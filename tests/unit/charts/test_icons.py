"""Icons of variation and assurance: forms apart without colour, words for all, and their place beside charts."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from joinedup.charts import Table, assurance_icon, control, variation_icon
from joinedup.charts.control import panels_of
from joinedup.charts.icons import ASSURANCE_ICONS, VARIATION_ICONS
from joinedup.charts.picture import Picture
from joinedup.disclosure import Released, release
from joinedup.errors import OurFault, UnknownName
from joinedup.measures import MeasureResult
from joinedup.stats.making_data_count import Assurance, Variation
from tests.unit.charts.test_pictures import RECOVERY, monthly, result

EVERY = [*VARIATION_ICONS.values(), *ASSURANCE_ICONS.values()]


def test_every_icon_differs_in_form_or_letter_and_in_words() -> None:
    assert len({(icon.path, icon.letter) for icon in EVERY}) == len(EVERY)
    assert len({icon.words for icon in EVERY}) == len(EVERY)


@pytest.mark.parametrize("icon", EVERY, ids=lambda icon: icon.words)
def test_an_icon_alone_speaks_and_beside_words_is_silent(icon) -> None:
    alone = ET.fromstring(icon.svg())
    assert alone.get("role") == "img" and alone.get("aria-label") == icon.words
    assert alone.get("width") == alone.get("height") == "24"
    beside = ET.fromstring(icon.svg(20, beside_words=True))
    assert beside.get("aria-hidden") == "true" and beside.get("role") is None
    letters = [child.text for child in alone if child.tag.endswith("text")]
    assert letters == ([icon.letter] if icon.letter else [])


def test_every_word_of_the_statistics_has_its_icon() -> None:
    for variation in set(Variation) - {Variation.MISSING}:
        assert variation_icon(variation) in VARIATION_ICONS.values()
    assert variation_icon("special_cause_improvement", high=False).letter == "L"
    assert variation_icon("special_cause_neutral_low", high=True).letter == "L"
    assert variation_icon("special_cause_neutral_high", high=False).letter == "H"
    assert variation_icon("common_cause").letter == ""
    for assurance in Assurance:
        assert assurance_icon(assurance) in ASSURANCE_ICONS.values()


def test_a_word_without_icon_is_refused() -> None:
    for word in ("no_value", "up"):
        with pytest.raises(UnknownName, match="no icon"):
            variation_icon(word)
    with pytest.raises(UnknownName, match="no icon"):
        assurance_icon("pass")


def drawn(picture: Picture) -> str:
    return " ".join(text for text in ET.fromstring(picture.svg["page"]).itertext())


def risen(last: float, months: int = 24) -> Released[MeasureResult]:
    import pyarrow as pa

    keys = [f"20{24 + k // 12}-{k % 12 + 1:02}" for k in range(months)]
    rates = [0.49 + 0.03 * (k % 2) if k < 16 else last for k in range(months)]
    tables = [result({"RKL07": rate}, [key]).table for key, rate in zip(keys, rates, strict=True)]
    return release(
        MeasureResult(pa.concat_tables(tables).combine_chunks(), (RECOVERY,), snapshot=1, rule="t")
    )


def test_icons_stand_beside_the_chart_and_in_its_table() -> None:
    picture = control(risen(0.60), RECOVERY, slug="c", caption="x", target=20.0)
    assert picture.table.header[-2:] == ("Variation", "Standard")
    assert picture.table.rows[0][-2:] == ("improvement (H)", "met")
    variation, assurance = picture.table.icons[0][-2:]
    assert ">H</text>" in variation and "Meets the standard" in assurance
    assert set(picture.table.icons[0][:-2]) == {""}
    # the letter of the icon and the word of the panel, both as text
    assert {"H", "improvement"} <= set(drawn(picture).split())


def test_the_standard_is_told_only_where_there_is_one_and_a_direction() -> None:
    without = control(risen(0.60), RECOVERY, slug="c", caption="x")
    assert without.table.header[-1] == "Variation"
    assert without.sentence == "On average over the months shown it is 54% (Ealing)."
    assert "standard" not in without.how_to_read
    (panel,) = panels_of(_figures(risen(0.60)), "higher")
    assert [panel.standard(aim, "higher").brief for aim in (20.0, 52.0, 90.0)] == [
        "met",
        "hit or miss",
        "missed",
    ]
    assert [panel.standard(aim, "lower").brief for aim in (20.0, 90.0)] == ["missed", "met"]
    assert panel.standard(20.0, "none").brief == "none"


def _figures(released: Released[MeasureResult]):
    from joinedup.charts import figures

    return figures(released, measure_id="M195")


def test_a_falling_service_has_the_letter_l_and_a_steady_one_a_circle() -> None:
    (panel,) = panels_of(_figures(risen(0.40)), "higher")
    assert (panel.icon.letter, panel.icon.words.split(",")[0]) == ("L", "Worse")
    assert panels_of(_figures(risen(0.40)), "lower")[0].icon.words.startswith("Better")
    assert all(panel.icon.letter == "" for panel in panels_of(_figures(monthly()), "higher"))


def test_a_table_with_another_number_of_icons_is_a_fault_of_ours() -> None:
    for icons in ((("x",),), (("x", "y"), ("x", "y"))):
        with pytest.raises(OurFault):
            Table(("a", "b"), (("1", "2"),), icons=icons)
