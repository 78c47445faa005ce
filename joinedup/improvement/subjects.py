"""What claims are often about and no return held here tells of: so that a claim of it is told apart from one that
nobody has tied yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.improvement.holdings import LENGTH_OF_STAY, PLACEMENTS

if TYPE_CHECKING:
    from joinedup.improvement.claims import Claim


@dataclass(frozen=True)
class Subject:
    """A measure of a return that is not read yet, the words that name it, and where it would come from."""

    measure: str
    title: str
    words: re.Pattern[str]
    comes_with: str


SUBJECTS = (
    Subject(
        LENGTH_OF_STAY,
        "Length of stay in hospital",
        re.compile(
            r"\b(?:(?:average|mean|median|hospital|inpatient|ward|bed)\s+stays?|lengths?\s+of\s+stays?|stays\s+in)\b",
            re.I,
        ),
        "the Mental Health Services Data Set, which is not read yet",
    ),
    Subject(
        PLACEMENTS,
        "Placements with independent providers",
        re.compile(
            r"\b(?:independent\s+(?:\w+\s+)?(?:placements?|beds?)|(?:out[- ]of[- ]area\s+)?placements?)\b",
            re.I,
        ),
        "the register of placements, which is not read yet",
    ),
)


def subject_of(claim: Claim) -> Subject | None:
    """The subject that is named last before the quantity, or else first after it in its clause; None for neither."""
    ends = [(match.end(), subject) for subject in SUBJECTS for match in subject.words.finditer(claim.before)]
    if ends:
        return max(ends, key=lambda each: each[0])[1]
    after = re.split(r"[.;:,]", claim.sentence[claim.quantity.start :])[0]
    begins = [(match.start(), subject) for subject in SUBJECTS if (match := subject.words.search(after))]
    return min(begins, key=lambda each: each[0])[1] if begins else None
