"""Small returns that break no rule which rejects, as a trust would write them, for tests of the way in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from joinedup.definitions.return_spec import ReturnSpec

SPEC = ReturnSpec.load("talking_therapies")
Rows = Sequence[Mapping[str, str]]


def nhs_number(number: int) -> str:
    """A valid NHS number from the range kept for tests (999), the n-th that has a check digit."""
    nine = f"999{number:06d}"
    check = (11 - sum(int(d) * (10 - i) for i, d in enumerate(nine)) % 11) % 11
    return nhs_number(number + 500_000) if check == 10 else f"{nine}{check}"


def birth_date(number: int) -> str:
    return (date(1950, 1, 1) + timedelta(days=97 * number % 18_000)).isoformat()


def postcode(number: int) -> str:
    return f"ZX{number % 9 + 1} {number % 7 + 1}{'ABDEFGHJLN'[number % 10]}{'ABDEFGHJLN'[number // 10 % 10]}"


def small_return(
    provider: str = "RV3",
    period: str = "2024-04",
    *,
    created: datetime | None = None,
    people: Sequence[int] = range(5),
    score: str = "12",
) -> dict[str, Rows]:
    """One month of one provider: for each number a person, registration, referral, contact and score."""
    start = date.fromisoformat(f"{period}-01")
    end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    made = created or datetime.combine(end + timedelta(days=15), datetime.min.time())
    day = (start + timedelta(days=9)).isoformat()
    return {
        "IDS000": [
            {
                "DatSetVer": "2.1",
                "OrgIDProv": provider,
                "OrgIDSubmit": provider,
                "PrimSystemInUse": "IAPTUS",
                "ReportingPeriodStartDate": start.isoformat(),
                "ReportingPeriodEndDate": end.isoformat(),
                "DateTimeDatSetCreate": made.isoformat(timespec="seconds"),
            }
        ],
        "IDS001": [_person(provider, n) for n in people],
        "IDS002": [
            {"LocalPatientId": f"P{n}", "GMPCodeReg": "E87001", "StartDateGMPRegistration": "2020-01-01"}
            for n in people
        ],
        "IDS101": [
            {
                "ServiceRequestId": f"R{n}",
                "LocalPatientId": f"P{n}",
                "OrgIDComm": "W2U3Z",
                "ReferralRequestReceivedDate": (start + timedelta(days=2)).isoformat(),
                "SourceOfReferralIAPT": "B1",
            }
            for n in people
        ],
        "IDS201": [_contact(period, day, n) for n in people],
        "IDS202": [
            {
                "CareActId": f"A{period}-{n}",
                "CareContactId": f"C{period}-{n}",
                "CodeProcAndProcStatus": "304891004",
            }
            for n in people
        ],
        "IDS607": [
            {"CareActId": f"A{period}-{n}", "CodedAssToolType": "720433000", "PersScore": score}
            for n in people
        ],
    }


def _person(provider: str, n: int) -> Mapping[str, str]:
    return {
        "LocalPatientId": f"P{n}",
        "OrgIDLocalPatientId": provider,
        "NHSNumber": nhs_number(n),
        "NHSNumberStatus": "01",
        "PersonBirthDate": birth_date(n),
        "Postcode": postcode(n),
        "Gender": "2",
        "EthnicCategory": "A",
    }


def _contact(period: str, day: str, n: int) -> Mapping[str, str]:
    return {
        "CareContactId": f"C{period}-{n}",
        "ServiceRequestId": f"R{n}",
        "CareContDate": day,
        "CareContTime": "10:30:00",
        "OrgIDComm": "W2U3Z",
        "AttendOrDNACode": "5",
        "AppType": "03",
        "ConsMechanism": "01",
        "SiteIDOfTreat": "RV3CH",
        "PlannedCareContIndicator": "Y",
        "ClinContDurOfCareCont": "50",
        "IAPTLTCServiceInd": "N",
    }


def as_csv(tables: Mapping[str, Rows]) -> dict[str, bytes]:
    """File name to content: every national column, in order."""
    files = {}
    for table_id, rows in tables.items():
        table = SPEC.table(table_id)
        stream = io.StringIO()
        writer = csv.DictWriter(
            stream, [column.name for column in table.columns], lineterminator="\n", restval=""
        )
        writer.writeheader()
        writer.writerows(rows)
        files[f"{table.name}.csv"] = stream.getvalue().encode()
    return files


def as_zip(path: Path, tables: Mapping[str, Rows], *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write the tables as one zip."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in as_csv(tables).items():
            archive.writestr(name, content)
    return path


def as_folder(path: Path, tables: Mapping[str, Rows]) -> Path:
    """Write the tables as a folder of CSV files."""
    path.mkdir()
    for name, content in as_csv(tables).items():
        (path / name).write_bytes(content)
    return path


def as_xml(path: Path, tables: Mapping[str, Rows]) -> Path:
    """Write the tables as one XML document."""
    records = [
        f"<{name}>{''.join(f'<{k}>{v}</{k}>' for k, v in row.items())}</{name}>"
        for name, rows in ((SPEC.table(table).name, rows) for table, rows in tables.items())
        for row in rows
    ]
    path.write_text(f'<IDS version="2.1">{"".join(records)}</IDS>', encoding="utf-8")
    return path


def postcodes_csv(path: Path, people: Sequence[int] = range(300)) -> Path:
    """A look-up in the form of the ONS directory for the postcodes of `postcode`."""
    lines = ["pcds,oslaua,lsoa11,imd"]
    for code in sorted({postcode(n) for n in people}):
        number = sum(map(ord, code))
        lines.append(f"{code},E0900000{number % 9 + 1},E019{number:05d},{number * 37 % 32844 + 1}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
