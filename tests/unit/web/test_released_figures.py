"""Released figures as pages read them: the same when written, harmless in a spreadsheet, no file outside."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.charts import Table
from joinedup_web.equity.figures import Figures, Shown, name_of_gap, name_of_view
from joinedup_web.equity.files import csv_text
from joinedup_web.equity.offer import load_offer, measure_title, view_title
from joinedup_web.equity.preparing import drop_foreign

TABLE = Table(
    ("Group", "Number"), (("A", "10"), ("B", "hidden")), frozenset({1}), codes=("ABCDEFGHIJ", "KLMNOPQRST")
)


def _shown(table: Table) -> Shown:
    return Shown("a-slug", "Title", "Sub", "Sentence", "How", "Caption", table, {"page": "<svg/>"}, ("note",))


def test_what_is_written_is_read_again() -> None:
    assert Shown.from_json(_shown(TABLE).to_json()) == _shown(TABLE)


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=6).map(tuple))
def test_any_text_survives(rows: tuple[tuple[str, str], ...]) -> None:
    shown = _shown(Table(("One", "Two"), rows))
    assert Shown.from_json(shown.to_json()) == shown


@given(st.text(alphabet=st.sampled_from("=+-@\t\r'\"0123456789.,ab"), max_size=10))
def test_no_cell_of_a_download_runs_as_a_formula(cell: str) -> None:
    text = csv_text(Table(("Head",), ((cell,),)), "Caption")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1]
    first = read[0] if read else ""
    plain = first.replace(",", "").lstrip("+-").replace(".", "", 1)
    assert not first.startswith(("=", "@", "\t", "\r")) and (first[:1] not in ("+", "-") or plain.isdigit())


@pytest.mark.parametrize("slug", ["../about", "state.json", "", "A", "a/b", "a" * 200])
def test_only_names_of_pictures_open_files(tmp_path: Path, slug: str) -> None:
    assert Figures(tmp_path, {"snapshot": 1}).shown(slug) is None


def test_names_are_of_one_kind() -> None:
    assert name_of_view("M195", "ethnic_group") == "m195-ethnic-group"
    assert name_of_gap("ethnic_group", "Black or Black British") == "gap-ethnic-group-black-or-black-british"


def test_states_of_another_lake_are_removed(tmp_path: Path) -> None:
    for number, written in ((3, "monday"), (4, "tuesday"), (9, "sunday")):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "state.json").write_text(f'{{"committed_at": "{written}"}}')
    (tmp_path / ".making-x").mkdir()
    drop_foreign(tmp_path, {3: "monday", 4: "wednesday"})
    assert sorted(p.name for p in tmp_path.iterdir()) == [".making-x", "3"]


def test_every_measure_of_the_offer_is_defined_and_under_one_lens() -> None:
    measures = load_offer().measures
    assert len(measures) == len(set(measures)) and all(measure_title(one) for one in measures)
    assert set(load_offer().lenses) == {"access", "experience", "outcome"}
    assert view_title("ethnic_group").startswith("By ") and view_title("residents:ethnic_group").endswith(
        "1,000 residents"
    )
