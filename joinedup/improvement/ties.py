"""Ties: which claim is about which measure, where and when. A person writes them; nothing is tied by guessing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from joinedup.errors import JoinedupError, UnreadableFile, UnsafeFile, YourCommand
from joinedup.improvement.initiatives import OWN_TREND, Group
from joinedup.improvement.months import months_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from joinedup.improvement.claims import Claim

MOST_BYTES = 1_000_000
DEEPEST = 10
OPENING = (
    yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken, yaml.BlockSequenceStartToken, yaml.BlockMappingStartToken,
)  # fmt: skip
CLOSING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Tie(BaseModel):
    """One claim of a text, tied: `text` are words of its sentence as they stand, `claim` those of its quantity where
    the sentence has several. `before` and `after` are periods or spans of them. `comparison` are codes of places where
    nothing changed, or "own trend". A claim of a level has no `before`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text
    claim: Text | None = None
    measure: Code
    after: Text
    before: Text | None = None
    level: Code = "borough"
    places: tuple[Code, ...] = ()
    comparison: tuple[Code, ...] | Literal["own trend"] = ()
    by: Code | None = None
    group: Text | None = None

    @field_validator("text", "claim")
    @classmethod
    def _single_spaces(cls, words: str | None) -> str | None:
        return None if words is None else " ".join(words.split())

    @field_validator("before", "after")
    @classmethod
    def _a_span(cls, span: str | None) -> str | None:
        try:
            months = months_of(span) if span is not None else ("",)
        except JoinedupError as error:
            raise ValueError(f"{error.message} {error.remedy}") from error
        if not months:
            raise ValueError("it ends before it begins")
        return span

    @model_validator(mode="after")
    def _fits_together(self) -> Tie:
        if (self.by is None) != (self.group is None):
            raise ValueError("a group needs its breakdown (by), and a breakdown its group")
        if self.before is not None and months_of(self.before)[-1] >= months_of(self.after)[0]:
            raise ValueError("after begins before the end of before")
        if set(self.places) & set(self.compared):
            raise ValueError("a place cannot be compared with itself")
        return self

    @property
    def of_group(self) -> Group | None:
        """The group whose figures count."""
        return Group(self.by, self.group) if self.by and self.group else None

    @property
    def compared(self) -> tuple[str, ...]:
        """Codes of the places to compare with."""
        return () if isinstance(self.comparison, str) else self.comparison

    @property
    def own_trend(self) -> bool:
        """Whether the places are compared with what they would have gone on to do."""
        return self.comparison == OWN_TREND

    def holds(self, claim: Claim) -> bool:
        """Whether this is the claim it is about."""
        said = (claim.quantity.phrase, claim.quantity.beside)
        words = self.claim is None or any(
            self.claim in words or (words and words in self.claim) for words in said
        )
        return self.text in claim.sentence and words

    def names(self, claim: Claim) -> bool:
        """Whether its words are, in part, those that make the quantity."""
        begin = claim.sentence.find(self.text)
        return begin < claim.quantity.end and claim.quantity.start < begin + len(self.text)


class _Ties(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    ties: Annotated[tuple[Tie, ...], Field(max_length=2_000)]


@dataclass(frozen=True)
class Tied:
    """A claim with its tie, or without one."""

    claim: Claim
    tie: Tie | None


def read_ties(path: Path) -> tuple[Tie, ...]:
    """Ties of a YAML file (`ties:`, a list). Raises UnreadableFile for what is no YAML, and names each unknown or
    missing field, and UnsafeFile for more than 1 MB.
    """
    try:
        size = path.stat().st_size
        text = path.read_text("utf-8") if size <= MOST_BYTES else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            "There is no such text file.", remedy="Check its name.", file=path.name
        ) from error
    if size > MOST_BYTES:
        raise UnsafeFile(
            "The file of ties is larger than 1 MB.",
            remedy="Keep the ties of each text apart.",
            file=path.name,
        )
    return ties_of(_parsed(text, path.name), path.name)


def ties_of(content: Any, name: str = "ties") -> tuple[Tie, ...]:
    """Ties of the plain content of such a file. Raises UnreadableFile, as `read_ties`."""
    try:
        return _Ties.model_validate(content).ties
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}" for fault in error.errors()
        ]
        raise UnreadableFile(
            f"These ties cannot be used: {'; '.join(faults[:10])}.",
            remedy="See docs/how-to/check-a-claim.md for the fields of a tie.",
            file=name,
        ) from error


def tied(claims: Iterable[Claim], ties: Sequence[Tie]) -> tuple[Tied, ...]:
    """Each claim with its tie. Raises YourCommand for a tie that meets no claim, or more than one, and for a claim that
    two ties meet: whoever tied them meant something else.
    """
    listed = tuple(claims)
    of_claim: dict[int, Tie] = {}
    for tie in ties:
        met = [at for at, claim in enumerate(listed) if tie.holds(claim)]
        if len(met) > 1:  # then it is the one whose own words are meant, if there is one
            met = [at for at in met if tie.names(listed[at])] or met
        if len(met) != 1 or met[0] in of_claim:
            raise _unmet(tie, [listed[at].quantity.phrase for at in met])
        of_claim[met[0]] = tie
    return tuple(Tied(claim, of_claim.get(at)) for at, claim in enumerate(listed))


def _unmet(tie: Tie, phrases: list[str]) -> YourCommand:
    words = f"“{tie.text[:80]}”"
    if not phrases:
        return YourCommand(
            f"No claim of the text has the words {words}.",
            remedy="Copy them from a sentence that `claims check` lists.",
        )
    if len(phrases) == 1:
        return YourCommand(
            f"The claim with the words {words} is tied twice.", remedy="Remove one of the ties."
        )
    quoted = ", ".join(f"“{phrase}”" for phrase in phrases[:5])
    return YourCommand(
        f"{len(phrases)} claims have the words {words}: {quoted}.",
        remedy="Say which one is meant, as `claim:`.",
    )


def _parsed(text: str, name: str) -> Any:
    """Plain content. Aliases and deep nesting are refused before anything is built: both make much out of little."""
    try:
        depth = 0
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
            if depth > DEEPEST or isinstance(token, yaml.AliasToken):
                raise UnsafeFile(
                    "The file of ties has aliases (*name) or is nested deeply.",
                    remedy="Write each tie out.",
                    file=name,
                )
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableFile(
            "The file of ties is not YAML.", remedy="Check its indents and quotes.", file=name
        ) from error
