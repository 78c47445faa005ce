"""`joinedup scrutiny show` on the demo: a topic opens released figures of the lake."""

from __future__ import annotations

from tests.system.conftest import Demo, joinedup


def test_a_topic_opens_the_released_figures_of_the_lake(demo: Demo) -> None:
    answer = joinedup("scrutiny", "show", "Adult Mental Health", "--lake", demo.lake, "--json")
    assert answer.code == 0, answer.err
    figures = answer.json["figures"]
    assert {figure["measure"] for figure in figures} == {"M001", "M031", "M053", "M055", "M195", "M186"}
    counts = [f["value"] for f in figures if f["statistic"] == "count" and f["value"] is not None]
    assert counts and all(count % 5 == 0 and count >= 5 for count in counts)
    assert len({figure["code"] for figure in figures}) == len(figures)
    assert {"Brent", "Westminster", "North West London"} <= {figure["place"] for figure in figures}
