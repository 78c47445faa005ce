"""How numbers and names read in titles, sentences and tables."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.definitions import Period

HIDDEN = "hidden"


def whole(value: float | None) -> str:
    """A count with thousands separated, or the word for a hidden one."""
    return HIDDEN if value is None else f"{round(value):,}".replace("-", "\u2212")


def percent(value: float | None, *, sign: bool = True) -> str:
    """A percentage as it was released: whole where it is whole."""
    if value is None:
        return HIDDEN
    text = f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return f"{text}%" if sign else text


def points(value: float | None) -> str:
    """A difference, with its sign."""
    return HIDDEN if value is None else f"{value:+.1f}".replace("-", "\u2212")


def interval(lower: float | None, upper: float | None) -> str:
    """Limits as words; empty when there are none."""
    return (
        ""
        if lower is None or upper is None
        else f"{percent(lower, sign=False)} to {percent(upper, sign=False)}"
    )


def several(names: Sequence[str], of: int) -> str:
    """Names, or how many of them where there are more than three."""
    return listed(names) if len(names) <= 3 else f"{len(names)} of {of}"


def span(key: str) -> str:
    """A period as a person says it: April 2024 to March 2025."""
    period = Period.parse(key)
    return (
        f"{period.start:%B %Y}" if period.kind == "month" else f"{period.start:%B %Y} to {period.end:%B %Y}"
    )


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def capital(text: str) -> str:
    """The same with its first letter large."""
    return text[:1].upper() + text[1:]
