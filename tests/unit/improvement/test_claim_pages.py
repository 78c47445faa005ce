"""Texts and saved pages as paragraphs, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from joinedup.errors import UnreadableFile, UnsafeFile, YourData
from joinedup.improvement.claims import find_claims
from joinedup.improvement.pages import paragraphs_of_page, paragraphs_of_text, read_paragraphs
from joinedup.saved_pages import MOST_BYTES

PAGE = """<!DOCTYPE html><html><head><title>Our page</title><style>p { width: 20% }</style>
<script>var a = 1 < 2; document.write("fell by 90%");</script></head><body>
<!-- stays fell by 80% --><h1>News</h1><p>Placements fell by <b>20</b>%&nbsp;&ndash; so
we say.<p>Stays &lt;halved&gt;<ul><li>One<li>Two</ul><template>fell by 70%</template></body></html>"""


def test_a_page_as_its_reader_sees_it() -> None:
    assert paragraphs_of_page(PAGE) == (
        "Our page", "News", "Placements fell by 20% – so we say.", "Stays <halved>", "One", "Two",
    )  # fmt: skip
    assert [claim.quantity.phrase for claim in find_claims(paragraphs_of_page(PAGE))] == [
        "fell by 20%",
        "halved",
    ]


def test_paragraphs_of_a_text() -> None:
    text = "One line\r\nand its next.\n\n  \nTwo.\n- a point\n- another\n\n"
    assert paragraphs_of_text(text) == ("One line and its next.", "Two.", "- a point", "- another")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "news.txt"
    file.write_bytes("Spend fell from £3m to £2m – a third.".encode(encoding))
    assert read_paragraphs(file) == ("Spend fell from £3m to £2m – a third.",)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("large.txt", b"a" * (MOST_BYTES + 1), UnsafeFile),
        ("open.html", b"<!" * 2_000 + b">", UnsafeFile),
        ("picture.txt", b"\x89PNG\0\0", UnreadableFile),
        ("paper.html", b"%PDF-1.7", UnreadableFile),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, content: bytes, error: type[YourData]) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(error) as refused:
        read_paragraphs(file)
    assert refused.value.file == name and refused.value.remedy


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_paragraphs(tmp_path / "none.txt")


def test_too_many_claims() -> None:
    with pytest.raises(UnsafeFile, match="2,000 claims"):
        find_claims(["It fell by 2%. " * 2_001])
