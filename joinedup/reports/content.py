"""What a report says, before it becomes a page, a PDF or a workbook: plain frozen values, nothing computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joinedup.charts.picture import Picture, Table


@dataclass(frozen=True)
class Headline:
    """One finding in words: the sentence, and the code of the number it rests on."""

    text: str
    code: str = ""


@dataclass(frozen=True)
class Block:
    """A table with its own title and sentence, where no chart is needed."""

    slug: str
    title: str
    sentence: str
    table: Table


@dataclass(frozen=True)
class Section:
    """One question and its answer: a lead in words, then charts and tables, then what they cannot say."""

    slug: str
    heading: str
    lead: tuple[str, ...]
    items: tuple[Picture | Block, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The whole report. `facts` are label and value pairs under the title; `registry` opens every code."""

    title: str
    subtitle: str
    headlines: tuple[Headline, ...]
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...]
    footnotes: tuple[str, ...] = ()
    registry: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every chart, in order."""
        return tuple(item for section in self.sections for item in section.items if isinstance(item, Picture))
