"""One mutation for each rule that runs: what to change in the minimal return, and where the rule must point.

Kinds that say all there is to know (a blank, a length, a code, a repeated key) make their own mutation;
every other rule has its line in SPECIAL. A rule without a mutation fails the test that counts them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from minimal_return import Rows, minimal_rows

from joinedup.definitions.return_spec import ReturnSpec, Rule

NO_SUCH_SNOMED = "720433001"  # the PHQ-9 with a wrong check digit


@dataclass(frozen=True)
class Mutation:
    """`change` spoils the rows; the rule must then name exactly `rows` of its table, at its column."""

    change: Callable[[Rows], None]
    rows: tuple[int | None, ...]


def put(place: str, value: str | None, *, row: int = 1) -> Callable[[Rows], None]:
    """Put `value` at `IDS101.EndCode` in a row counted from 1."""
    table, _, column = place.partition(".")

    def change(rows: Rows) -> None:
        rows[table][row - 1][column] = value

    return change


def both(*changes: Callable[[Rows], None]) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for each in changes:
            each(rows)

    return change


def repeat(table: str, *, row: int = 1) -> Callable[[Rows], None]:
    """Send a row once more, as the last of its table."""

    def change(rows: Rows) -> None:
        rows[table].append(copy.deepcopy(rows[table][row - 1]))

    return change


def empty(table: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[table] = []

    return change


def every(place: str, value: str | None) -> Callable[[Rows], None]:
    table, _, column = place.partition(".")

    def change(rows: Rows) -> None:
        for row in rows[table]:
            row[column] = value

    return change


def at(place: str, value: str | None, *, row: int = 1) -> Mutation:
    return Mutation(put(place, value, row=row), (row,))


def whole(change: Callable[[Rows], None]) -> Mutation:
    return Mutation(change, (None,))


SPECIAL = {
    "IDS00003": at("IDS000.DatSetVer", "2.0"),
    "IDS00004": at("IDS000.DatSetVer", "two"),
    "IDS10132": at("IDS101.OnsetDate", "2023-13"),
    "IDS10142": at("IDS101.OnsetDate", "2023/10"),
    "IDSREJ006": at("IDS001.NHSNumber", "9434765918"),
    "IDSREJ007": at("IDS001.Postcode", "ZX11AA"),
    "IDS00125": at("IDS001.Postcode", "QX1 1AA"),
    "IDS00034": at("IDS000.OrgIDSubmit", "rv3"),
    "IDS00154": at("IDS001.OrgIDLocalPatientId", "R-3"),
    "IDS10110": at("IDS101.OrgIDComm", "w2u3z"),
    "IDS20147": at("IDS201.OrgIDComm", "W2 3Z"),
    "IDS10519": at("IDS105.OrgIDReceiving", "rv3"),
    "IDS20149": at("IDS201.SiteIDOfTreat", "RV-3C"),
    "IDS00206": at("IDS002.GMPCodeReg", "870012"),
    "IDS01109": at("IDS011.SocPerCircumstance", NO_SUCH_SNOMED),
    "IDS20230": at("IDS202.CodeProcAndProcStatus", f"{NO_SUCH_SNOMED}:408730004=720433000"),
    "IDS20231": at("IDS202.CodeObs", NO_SUCH_SNOMED),
    "IDS00016": at("IDS000.ReportingPeriodStartDate", "2024-03-01"),
    "IDS00019": at("IDS000.ReportingPeriodEndDate", "2024-05-31"),
    "IDS00030": at("IDS000.OrgIDProv", "RKL"),
    "IDS00033": at("IDS000.OrgIDSubmit", "RKL"),
    "IDS00027": at("IDS000.DateTimeDatSetCreate", "2024-05-23T09:30:00"),
    "IDS00021": at("IDS000.DateTimeDatSetCreate", "2024-05-20 09:30"),
    "IDS10113": at("IDS101.ReferralRequestReceivedDate", "2024-05-01"),
    "IDS10140": at("IDS101.ReferralRequestReceivedDate", "1985-06-14"),
    "IDS10128": at("IDS101.ServDischDate", "2024-03-14", row=5),
    "IDS10139": at("IDS101.ServDischDate", "2024-05-01", row=5),
    "IDS20108": at("IDS201.CareContDate", "2024-05-01"),
    "IDS20170": at("IDS201.CareContDate", "2024-03-31"),
    "IDS20171": at("IDS201.CareContDate", "2024-03-14"),
    "IDS60610": at("IDS606.AssToolCompDate", "2024-05-01"),
    "IDS60618": at("IDS606.AssToolCompDate", "2024-03-31"),
    "IDS60617": at("IDS606.AssToolCompDate", "2024-03-14"),
    "IDS00436": at("IDS004.EmployStatusRecDate", "2024-05-01"),
    "IDS00438": at("IDS004.EmployStatusRecDate", "1985-06-14"),
    "IDS00437": at("IDS004.EmpSupportReferral", "2024-05-01"),
    "IDS00439": at("IDS004.EmpSupportReferral", "1985-06-14"),
    "IDS01107": at("IDS011.SocPerCircumstanceRecDate", "2024-05-01"),
    "IDS01111": at("IDS011.SocPerCircumstanceRecDate", "1985-06-14"),
    "IDS01209": at("IDS012.OvsVisChCatAppDate", "2024-05-01"),
    "IDS01211": at("IDS012.OvsVisChCatAppDate", "1985-06-14"),
    "IDS10505": at("IDS105.OnwardReferDate", "2024-05-01"),
    "IDS10521": at("IDS105.OnwardReferDate", "2024-03-14"),
    "IDS10522": at("IDS105.OnwardReferDate", "2024-03-31"),
    "IDS10809": at("IDS108.PauseStartDate", "2024-05-01"),
    "IDS10816": at("IDS108.PauseStartDate", "2024-03-14"),
    "IDS10811": at("IDS108.PauseEndDate", "2024-03-31"),
    "IDS10812": at("IDS108.PauseEndDate", "2024-05-01"),
    "IDS10813": at("IDS108.PauseEndDate", "2024-04-02"),
    "IDS20506": at("IDS205.StartDateIntEnabledTherLog", "2024-05-01"),
    "IDS20520": at("IDS205.StartDateIntEnabledTherLog", "2024-03-14"),
    "IDS20509": at("IDS205.EndDateIntEnabledTherLog", "2024-03-31"),
    "IDS20510": at("IDS205.EndDateIntEnabledTherLog", "2024-05-01"),
    "IDS20511": at("IDS205.EndDateIntEnabledTherLog", "2024-03-31"),
    "IDS60314": at("IDS603.PresCompDate", "2024-05-01"),
    "IDS60316": at("IDS603.PresCompDate", "1985-06-14"),
    "IDS80306": at("IDS803.StartDateCareClust", "2024-05-01"),
    "IDS80315": at("IDS803.EndDateCareClust", "2024-03-31"),
    "IDS80316": at("IDS803.EndDateCareClust", "2024-05-01"),
    "IDS80317": at("IDS803.EndDateCareClust", "2024-02-29"),
    "IDS90207": at("IDS902.QualAwardedDate", "2024-05-01"),
    "IDS90209": at("IDS902.QualPlannedCompletionDate", "2024-03-31", row=2),
    "IDS90213": at("IDS902.QualAwardedDate", "2024-04-01", row=2),
    "IDS90214": at("IDS902.QualAwardedDate", None),
    "IDS90215": at("IDS902.QualPlannedCompletionDate", "2026-05-01", row=2),
    "IDS00211": at("IDS002.StartDateGMPRegistration", "2024-05-02"),
    "IDS00212": at("IDS002.StartDateGMPRegistration", "1985-06-14"),
    "IDS00214": at("IDS002.EndDateGMPRegistration", "2024-03-31"),
    "IDS00215": at("IDS002.EndDateGMPRegistration", "2024-05-01"),
    "IDS00216": at("IDS002.EndDateGMPRegistration", "2014-12-31"),
    "IDS00222": Mutation(repeat("IDS002"), (1, 6)),
    "IDS00440": Mutation(both(put("IDS004.EmployStatusRecDate", None), repeat("IDS004")), (1, 6)),
    "IDS80319": Mutation(repeat("IDS803", row=2), (2, 3)),
    "IDS20168": Mutation(both(repeat("IDS201"), put("IDS201.CareContactId", "C6", row=6)), (1, 6)),
    "IDSREJ008": at("IDS001.PersonBirthDate", "1903-04-01"),
    "IDS00118": Mutation(both(put("IDS001.NHSNumber", None), put("IDS001.NHSNumberStatus", None)), (1,)),
    "IDS00117": at("IDS001.NHSNumberStatus", "07"),
    "IDS00161": at("IDS001.NHSNumber", None),
    "IDS00153": at("IDS001.OrgIDLocalPatientId", "RKL"),
    "IDS00433": at("IDS004.EmpSupportInd", None),
    "IDS00435": at("IDS004.EmpSupportReferral", None),
    "IDS10137": at("IDS101.EndCode", None, row=5),
    "IDS10138": at("IDS101.EndCode", "46"),
    "IDS20166": at("IDS201.Cancellation", None, row=5),
    "IDS20167": at("IDS201.Cancellation", "N"),
    "IDS20214": at("IDS202.FindSchemeInUse", None),
    "IDS20216": at("IDS202.CodeFind", None),
    "IDS20226": at("IDS202.UnitMeasure", None),
    "IDS10141": at("IDS101.OnsetDate", "1985-05"),
    "IDS20228": at("IDS202.CodeFind", "F3-1"),
    "IDS60209": at("IDS602.LongTermCondition", "44054007", row=2),
    "IDS60310": at("IDS603.PresComp", "35489007"),
    "IDS60613": at("IDS606.CodedAssToolType", "44054006"),
    "IDS60710": at("IDS607.CodedAssToolType", "44054006"),
    "IDS60607": at("IDS606.PersScore", "28"),
    "IDS60707": at("IDS607.PersScore", "NA", row=3),
    "IDS00145": Mutation(put("IDS002.LocalPatientId", "NOBODY"), (1,)),
    "IDS00146": Mutation(put("IDS101.LocalPatientId", "P2"), (1,)),
    "IDS00223": at("IDS002.EndDateGMPRegistration", "2024-04-10"),
    "IDSREJ002": whole(empty("IDS000")),
    "IDSREJ003": whole(empty("IDS001")),
    "IDSREJ004": whole(empty("IDS101")),
    "IDSREJ005": whole(empty("IDS002")),
    "IDSREJ012": whole(
        both(
            put("IDS000.ReportingPeriodStartDate", "2031-01-01"),
            put("IDS000.ReportingPeriodEndDate", "2031-01-31"),
        )
    ),
    "IDSREJ015": whole(repeat("IDS000")),
    "IDSREJ101": whole(every("IDS101.OrgIDComm", None)),
}
READ_FROM_FILES = frozenset({"IDSREJ001"})  # found by the reader; proved on files in test_validating.py


def mutation_of(rule: Rule, spec: ReturnSpec) -> Mutation | None:
    """How to break `rule` and no more than it takes, or None if nobody has said."""
    if rule.id in SPECIAL:
        return SPECIAL[rule.id]
    if rule.kind == "unique":
        return Mutation(repeat(rule.table), (1, len(minimal_rows()[rule.table]) + 1))
    if rule.kind not in SPOILT:
        return None
    # The first member of staff has no planned completion; the second has.
    row = 2 if rule.columns[0] == "IDS902.QualPlannedCompletionDate" else 1
    return at(rule.columns[0], spoilt_value(rule, spec), row=row)


def spoilt_value(rule: Rule, spec: ReturnSpec) -> str | None:
    """A value that breaks a rule on the form of one value."""
    return SPOILT[rule.kind](rule, spec)


def _unlisted(rule: Rule, spec: ReturnSpec) -> str:
    codes = spec.code_list(spec.column(rule.columns[0]).codes or "").codes
    length = len(next(iter(codes)))
    return next(filler * length for filler in "7QV" if filler * length not in codes)


SPOILT: dict[str, Callable[[Rule, ReturnSpec], str | None]] = {
    "not_blank": lambda rule, spec: None,
    "alnum": lambda rule, spec: "Z" * ((rule.args.max_len or 0) + 1),
    "numeric": lambda rule, spec: "1x",
    "date": lambda rule, spec: "2024-02-30",
    "time": lambda rule, spec: "24:00:00",
    "in_code_list": _unlisted,
    "parent_exists": lambda rule, spec: f"NOWHERE-{rule.id}",
}
