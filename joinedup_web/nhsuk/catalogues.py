"""Translation catalogues: gettext's .po text read, and compiled in memory, so that no program of gettext is needed.

What `gettext.GNUTranslations` reads is the contract: a test compiles and reads back.
"""

from __future__ import annotations

import ast
import gettext
import io
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from joinedup.errors import DefinitionBroken

FOLDER = Path(__file__).with_name("locale")
MAGIC = 0x950412DE
LINE = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s+(".*")$')


@dataclass
class Entry:
    """One message: its singular, its plural where it has one, and the forms of the translation in order."""

    singular: str = ""
    plural: str = ""
    forms: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """What gettext looks it up by."""
        return f"{self.singular}\0{self.plural}" if self.plural else self.singular

    @property
    def text(self) -> str:
        """The translation as gettext stores it: its forms in order."""
        return "\0".join(self.forms[number] for number in sorted(self.forms))

    @property
    def whole(self) -> bool:
        """Whether every form is translated and sure."""
        return bool(self.forms) and all(self.forms.values()) and not self.fuzzy


def read_po(text: str) -> tuple[Entry, ...]:
    """The entries of a .po file, the header (of the empty message) among them. Raises DefinitionBroken."""
    entries: list[Entry] = []
    kind, number, fuzzy = "", 0, False
    for at, line in enumerate(map(str.strip, text.splitlines()), start=1):
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        if not line or line.startswith("#"):
            continue
        found = LINE.match(line)
        if found is None and not (kind and line.startswith('"')):
            raise DefinitionBroken(f"catalogue, line {at}: neither a message nor a comment")
        if found is not None:
            kind, number = found[1], int(found[2] or 0)
            if kind == "msgctxt":
                raise DefinitionBroken(f"catalogue, line {at}: contexts are not used here")
            if kind == "msgid":
                entries.append(Entry(fuzzy=fuzzy))
                fuzzy = False
        if not entries:
            raise DefinitionBroken(f"catalogue, line {at}: text before the first message")
        _add(entries[-1], kind, number, _unquoted(found[3] if found else line, at))
    return tuple(entries)


def compiled(entries: tuple[Entry, ...]) -> bytes:
    """The same as a .mo file: keys in order, then their translations. Entries that are not whole are left out."""
    kept = sorted({e.key.encode(): e.text.encode() for e in entries if e.whole or not e.key}.items())
    count, start = len(kept), 28
    keys, texts = b"".join(k + b"\0" for k, _ in kept), b"".join(t + b"\0" for _, t in kept)
    body = start + 16 * count
    head = struct.pack("<7I", MAGIC, 0, count, start, start + 8 * count, 0, body)
    tables = b"".join(
        struct.pack("<2I", *pair)
        for pair in (*_places([k for k, _ in kept], body), *_places([t for _, t in kept], body + len(keys)))
    )
    return head + tables + keys + texts


def catalogue(language: str) -> gettext.GNUTranslations:
    """The catalogue of a language that ships with the workspace."""
    return gettext.GNUTranslations(io.BytesIO(compiled(entries_of(language))))


def entries_of(language: str) -> tuple[Entry, ...]:
    """The entries of that catalogue as they are written."""
    return read_po((FOLDER / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8"))


def translated() -> tuple[str, ...]:
    """Languages that have a catalogue."""
    return tuple(sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/django.po")))


def as_mapping(entries: tuple[Entry, ...]) -> Mapping[str, Entry]:
    """Entries by their singular."""
    return {entry.singular: entry for entry in entries}


def _add(entry: Entry, kind: str, number: int, text: str) -> None:
    if kind == "msgid":
        entry.singular += text
    elif kind == "msgid_plural":
        entry.plural += text
    else:
        entry.forms[number] = entry.forms.get(number, "") + text


def _unquoted(quoted: str, at: int) -> str:
    try:
        found = ast.literal_eval(quoted)
    except (SyntaxError, ValueError):
        raise DefinitionBroken(f"catalogue, line {at}: the quotation marks do not fit") from None
    return str(found)


def _places(texts: list[bytes], start: int) -> Iterator[tuple[int, int]]:
    for text in texts:
        yield len(text), start
        start += len(text) + 1
