"""The job that every engine does: journeys, and 16 measures by month of referral, borough and 11 groupings.

Each measure as its numerator (a condition of the vocabulary of measures) and, for a sum, the number that is summed.
"""

from __future__ import annotations

from joinedup.definitions.conditions import parse_condition, parse_value
from joinedup.measures.components import Component

MEASURES: dict[str, tuple[str, str | None]] = {
    "referrals": ("ReferralRequestReceivedDate is not null", None),
    "assessed": ("Assessment_FirstDate is not null", None),
    "treated": ("TherapySession_FirstDate is not null", None),
    "within_6_weeks": ("days(TherapySession_FirstDate, ReferralRequestReceivedDate) <= 42", None),
    "within_18_weeks": ("days(TherapySession_FirstDate, ReferralRequestReceivedDate) <= 126", None),
    "days_waited": (
        "TherapySession_FirstDate is not null",
        "days(TherapySession_FirstDate, ReferralRequestReceivedDate)",
    ),
    "second_over_90_days": ("days(TherapySession_SecondDate, TherapySession_FirstDate) > 90", None),
    "finished": ("CompletedTreatment_Flag", None),
    "did_not_attend": ("ReferralRequestReceivedDate is not null", "DNA_Count"),
    "appointments": ("ReferralRequestReceivedDate is not null", "Appointment_Count"),
    "treatments_of_finished": ("CompletedTreatment_Flag", "TreatmentCareContact_Count"),
    "caseness": ("Caseness_Flag", None),
    "recovery": ("Recovery_Flag", None),
    "reliable_improvement": ("ReliableImprovement_Flag", None),
    "reliable_deterioration": ("ReliableDeterioration_Flag", None),
    "reliable_recovery": ("Recovery_Flag and ReliableImprovement_Flag", None),
}
CHECKED = (
    "TherapySession_FirstDate", "TherapySession_SecondDate", "TherapySession_LastDate", "Assessment_FirstDate",
    "PHQ9_FirstScore", "PHQ9_LastScore", "GAD_FirstScore", "GAD_LastScore",
)  # fmt: skip
"""Columns of journeys whose sums are the checksums: days since 1970-01-01, and points."""


def components() -> tuple[Component, ...]:
    """The measures as what `counted` adds up, in their order."""
    return tuple(
        Component("count", parse_condition(condition))
        if value is None
        else Component("sum", parse_condition(condition), parse_value(value))
        for condition, value in MEASURES.values()
    )
