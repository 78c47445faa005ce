"""XML of a web service as a tree, within limits that are held while it is read: no document type, no entities."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from joinedup.errors import UnreadableFile, UnsafeFile

MOST_BYTES = 20 * 1024**2
MOST_DEPTH, MOST_ELEMENTS = 60, 300_000
_REMEDY = "Save the answer of the council's web service again, as XML."


def tree(content: bytes, name: str) -> Any:
    """The root element. Raises UnsafeFile for what is larger or deeper than any answer, UnreadableFile where broken."""
    import xml.etree.ElementTree as Plain  # for its error alone: parsing is defusedxml's

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    if len(content) > MOST_BYTES:
        raise UnsafeFile(f"It is larger than {MOST_BYTES // 1024**2} MB.", file=name, remedy=_REMEDY)
    root, depth, seen = None, 0, 0
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            seen += event == "start"
            if depth > MOST_DEPTH or seen > MOST_ELEMENTS:
                raise UnsafeFile("Its XML is deeper or longer than any meeting's.", file=name, remedy=_REMEDY)
    except (Plain.ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnreadableFile(
            "Its XML is broken, or no answer of a service.", file=name, remedy=_REMEDY
        ) from None
    return root


def named(element: Any, name: str) -> Iterator[Any]:
    """Elements of that name below, whatever their namespace and case."""
    return (found for found in element.iter() if local(found) == name)


def child(element: Any, name: str) -> Any:
    """The first child of that name, or None."""
    return next((found for found in element if local(found) == name), None)


def words(element: Any, name: str) -> str:
    """The text of a child, white space made single; nothing where there is no such child."""
    found = child(element, name)
    return " ".join((found.text or "").split()) if found is not None else ""


def local(element: Any) -> str:
    """The name of an element without its namespace, in lower case: services write it in several."""
    return str(element.tag).rpartition("}")[2].casefold()
