"""Did it work, and is it true? Verdicts on initiatives, and claims found in a text, checked against what is held."""

from joinedup.improvement.benefits import Benefit, publishable
from joinedup.improvement.checking import CheckedClaim, check_claims
from joinedup.improvement.claim_verdicts import ClaimVerdict
from joinedup.improvement.claims import Claim, find_claims
from joinedup.improvement.holdings import Holdings, JourneysHeld, NothingHeld, Stays, StaysHeld
from joinedup.improvement.initiatives import OWN_TREND, Group, Initiative
from joinedup.improvement.judging import InitiativeVerdict, Refusal, judge, news, verdicts
from joinedup.improvement.monthly import MonthlyCounts
from joinedup.improvement.pages import paragraphs_of, paragraphs_of_page, paragraphs_of_text, read_paragraphs
from joinedup.improvement.ties import Tie, read_ties, ties_of

__all__ = [
    "OWN_TREND",
    "Benefit",
    "CheckedClaim",
    "Claim",
    "ClaimVerdict",
    "Group",
    "Holdings",
    "Initiative",
    "InitiativeVerdict",
    "JourneysHeld",
    "MonthlyCounts",
    "NothingHeld",
    "Refusal",
    "Stays",
    "StaysHeld",
    "Tie",
    "check_claims",
    "find_claims",
    "judge",
    "news",
    "paragraphs_of",
    "paragraphs_of_page",
    "paragraphs_of_text",
    "publishable",
    "read_paragraphs",
    "read_ties",
    "ties_of",
    "verdicts",
]
