"""YAML that somebody else wrote: a limit on size and depth, no aliases, and days, numbers and texts alone."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import yaml

from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.governance.cells import MAX_TEXT, Value

MAX_BYTES = 1_000_000
MAX_DEPTH = 8
_OPENING = (
    yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken, yaml.BlockSequenceStartToken, yaml.BlockMappingStartToken,
)  # fmt: skip
_CLOSING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)


def read_plain(content: bytes, name: str) -> Any:
    """Plain content of a YAML file. Raises UnsafeFile, UnreadableFile."""
    if len(content) > MAX_BYTES:
        raise UnsafeFile(
            "The file is larger than 1 MB.", file=name, remedy="Keep each place in its own file."
        )
    try:
        text = content.decode("utf-8-sig")
        depth = 0
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
            if depth > MAX_DEPTH or isinstance(token, yaml.AliasToken):
                raise UnsafeFile(
                    "It has aliases (*name) or is nested deeply.", file=name, remedy="Write each thing out."
                )
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, OverflowError, TypeError, RecursionError) as error:
        raise UnreadableFile("It is no YAML.", file=name, remedy="Check its indents and quotes.") from error


def plain_value(found: Any) -> Value:
    """A scalar as a cell holds it. Raises ValueError for lists, mappings, and what no cell can hold."""
    if found is None or isinstance(found, bool):
        return found
    if isinstance(found, int | float):
        if abs(found) > 1e15 or not math.isfinite(found):
            raise ValueError("a number beyond every number")
        return float(found)
    if isinstance(found, datetime | date):
        return found.date() if isinstance(found, datetime) else found
    if isinstance(found, str) and len(found) <= MAX_TEXT:
        return found or None
    raise ValueError("no single value")
