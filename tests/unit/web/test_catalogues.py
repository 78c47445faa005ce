"""Catalogues: what we compile is what gettext reads; a style sheet by direction has no side left in it."""

from __future__ import annotations

import contextlib
import gettext
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.errors import DefinitionBroken
from joinedup_web.nhsuk.catalogues import Entry, as_mapping, compiled, entries_of, read_po, translated
from joinedup_web.nhsuk.mirroring import logical

HEADER = Entry(
    "", "", {0: "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=n!=1;\n"}
)
WORDS = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r"), min_size=1, max_size=30
)


def po(entries: list[Entry]) -> str:
    """The same as text, written the plainest way."""
    lines = []
    for entry in entries:
        lines.append(f"msgid {quoted(entry.singular)}")
        lines += [f"msgid_plural {quoted(entry.plural)}"] if entry.plural else []
        for number, form in entry.forms.items():
            lines.append(f"msgstr{f'[{number}]' if entry.plural else ''} {quoted(form)}")
    return "\n".join(lines)


def quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in plain) + '"'


@given(st.dictionaries(WORDS, st.tuples(WORDS, WORDS, WORDS), max_size=8))
def test_what_is_compiled_is_what_gettext_reads(messages: dict[str, tuple[str, str, str]]) -> None:
    entries = [HEADER] + [
        Entry(one, one + "s" if at % 2 else "", {0: first, **({1: second} if at % 2 else {})})
        for at, (one, (first, second, _)) in enumerate(messages.items())
    ]
    found = gettext.GNUTranslations(io.BytesIO(compiled(read_po(po(entries)))))
    for entry in entries[1:]:
        if entry.plural:
            assert found.ngettext(entry.singular, entry.plural, 1) == entry.forms[0]
            assert found.ngettext(entry.singular, entry.plural, 2) == entry.forms[1]
        else:
            assert found.gettext(entry.singular) == entry.forms[0]
    assert found.gettext("nobody wrote this") == "nobody wrote this"


def test_what_is_fuzzy_or_empty_is_left_out() -> None:
    text = (
        po([HEADER])
        + '\n\n#, fuzzy\nmsgid "one"\nmsgstr "un"\n\nmsgid "two"\nmsgstr ""\n\nmsgid "three"\nmsgstr "trois"\n'
    )
    found = gettext.GNUTranslations(io.BytesIO(compiled(read_po(text))))
    assert [found.gettext(word) for word in ("one", "two", "three")] == ["one", "two", "trois"]


@pytest.mark.parametrize(
    "text", ["msgid", 'msgstr "x"', "nonsense", 'msgid "a\nmsgstr "b"', 'msgctxt "a"\nmsgid "b"']
)
def test_what_is_no_catalogue_is_refused(text: str) -> None:
    with pytest.raises(DefinitionBroken, match="line"):
        read_po(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(DefinitionBroken):
        compiled(read_po(text))


def test_every_catalogue_is_whole_and_keeps_its_fields() -> None:
    assert translated() == ("ar",)
    for language in translated():
        entries = as_mapping(entries_of(language))
        assert not [one.singular for one in entries.values() if not one.whole]
        for one in entries.values():
            assert one.singular.count("%(") == one.text.count("%("), one.singular


@pytest.mark.parametrize(
    ("physical", "expected"),
    [
        ("margin-left:4px", "margin-inline-start:4px"), ("border-right-width:2px", "border-inline-end-width:2px"),
        ("border-top-left-radius:1px", "border-start-start-radius:1px"), ("left:0", "inset-inline-start:0"),
        ("text-align:right!important", "text-align:end!important"), ("float:left", "float:inline-start"),
        ("margin:0 1px 2px 3px", "margin-block:0 2px;margin-inline:3px 1px"), ("color:red", "color:red"),
        ("border-width:0 0 0 4px", "border-block-width:0 0;border-inline-width:4px 0"),
        ("margin:0 1px 2px 1px", "margin:0 1px 2px 1px"),
        ("padding:calc(1px + 2px) 0 0 4px", "padding-block:calc(1px + 2px) 0;padding-inline:4px 0"),
        (
            "border-radius:0 4px 4px 0",
            "border-start-start-radius:0;border-start-end-radius:4px;border-end-end-radius:4px;"
            "border-end-start-radius:0",
        ),
    ],
)  # fmt: skip
def test_sides_become_the_direction_of_reading(physical: str, expected: str) -> None:
    assert logical(f".a{{{physical};top:0}}").startswith(f".a{{{expected};top:0}}")
