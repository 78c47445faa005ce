"""Records and papers of invented councils, in the shapes in which councils publish theirs. All words are ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from joinedup.governance.meetings.records import Attendee, Item, PaperLink, Record, Source

DAY = date(2025, 11, 18)
IMPORTED = date(2025, 12, 1)
JOINT = "North Riverside Joint Health Overview and Scrutiny Committee"


def source(council: str = "Alder", kind: str = "moderngov", sha256: str = "0" * 64) -> Source:
    return Source.model_validate(
        {"kind": kind, "council": council, "file": "a.xml", "sha256": sha256, "on": IMPORTED, "by": "clerk"}
    )


def record(council: str = "Alder", number: str = "1", **changes: object) -> Record:
    whole = {
        "source": source(council),
        "number": number,
        "committee": JOINT,
        "day": DAY,
        "time": "10:00",
        **changes,
    }
    return Record.model_validate(whole)


def item(title: str, decision: str = "", *papers: str) -> Item:
    return Item(title=title, decision=decision, papers=tuple(PaperLink(title=paper) for paper in papers))


def person(name: str, attendance: str = "Present") -> Attendee:
    return Attendee(name=name, attendance=attendance)


def listing(*meetings: tuple[str, str], committee: str = JOINT, number: str = "144") -> bytes:
    """An answer of GetMeetings: numbers and days of meetings of one committee."""
    rows = "".join(
        f"<meeting><meetingid>{each}</meetingid><meetingdate>{day}</meetingdate><meetingstatus>Confirmed</meetingstatus>"
        "<meetingtime>10.00 am</meetingtime><iswebcast>False</iswebcast></meeting>"
        for each, day in meetings
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><getmeetings><committeescount> 1</committeescount><committee>'
        f"<committeeid>{number}</committeeid><committeetitle>{escape(escape(committee))}</committeetitle>"
        f"<committeemeetings>{rows}</committeemeetings></committee></getmeetings>"
    ).encode()


MINUTES = (
    '<div class="W1"><p>The Committee asked for the waits of each borough to be reported by 16 January 2026.</p>'
    "<p>The Committee <b>recommended</b> that the trusts publish them, Dr. A. Reed said.</p>"
    "<ul><li>Noted.</li></ul></div>"
)
DECISION = "<p>RESOLVED that the maturity model be adopted.</p><p>Six domains were named.</p>"


def agenda_item(
    title: str, number: str = "4", *, minutes: str = "", decision: str = "", more: str = "", papers: str = ""
) -> str:
    return (
        f"<agendaitem><agendaitemid>{number}1</agendaitemid><agendaitemtitle>{escape(escape(title))}</agendaitemtitle>"
        f"<agendatext>{escape('<p>Report of the director.</p>')}</agendatext>"
        f"<agendaitemnumber>{number}</agendaitemnumber>"
        f"<fulldisplaynumberformat>{number}.</fulldisplaynumberformat>"
        f"<minutesnonemptyhtmlbody>{escape(minutes)}</minutesnonemptyhtmlbody>"
        f"<decisionnonemptyhtmlbody>{escape(decision)}</decisionnonemptyhtmlbody>"
        f"{more}<linkeddocuments>{papers}</linkeddocuments></agendaitem>"
    )


def linked(title: str, attachment: str = "60860", *, restricted: str = "False") -> str:
    return (
        f"<linkeddoc><attachmentid>{attachment}</attachmentid><title>{escape(escape(title))}</title><isurl>False</isurl>"
        f"<url>https://democracy.alder.example/mgConvert2PDF.aspx?ID={attachment}</url>"
        f"<isrestricted>{restricted}</isrestricted></linkeddoc>"
    )


ITEMS = (
    agenda_item("Children & waits", "4", minutes=MINUTES, papers=linked("Waits of children: report"))
    + agenda_item("Partnerships", "5", decision=DECISION, papers=linked("Partnerships", "60861"))
    + agenda_item(
        "Exempt", "6", minutes="<p>We resolved in secret.</p>", more="<isrestricted>True</isrestricted>"
    )
    + agenda_item(
        "Held back",
        "7",
        minutes="<p>Resolved later.</p>",
        more="<isminutepublished>False</isminutepublished>",
    )
)
PEOPLE = (
    '<attendee membertype="U" memberid="1" name="Councillor Ada Alder" roledescription="Chair" attendance="Present"/>'
    '<attendee membertype="U" memberid="2" name="Cllr Ben Birch" roledescription="Member" attendance="Apologies"/>'
)


def meeting(
    number: str = "4967",
    items: str = ITEMS,
    people: str = PEOPLE,
    day: str = "18/11/2025",
    time: str = "10.00 am",
) -> bytes:
    """An answer of GetMeeting."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><meeting><meetingid>{number}</meetingid>'
        f"<meetingdate>{day}</meetingdate>"
        f"<meetingstatus>Confirmed</meetingstatus><meetingtime>{time}</meetingtime>"
        "<meetinglocation>Committee Room 1, Town Hall</meetinglocation><agendapublished>True</agendapublished>"
        f"<agendaitems>{items}</agendaitems><attendees>{people}</attendees></meeting>"
    ).encode()


def soap(answer: bytes, operation: str = "GetMeeting") -> bytes:
    """The same as the service gives it by SOAP."""
    inside = answer.split(b"?>", 1)[1].decode()
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<{operation}Response xmlns="http://moderngov.co.uk/namespaces"><{operation}Result>{inside}'
        f"</{operation}Result></{operation}Response></soap:Body></soap:Envelope>"
    ).encode()


def page(
    council: str = "Birch Council",
    committee: str = JOINT,
    day: str = "Tuesday, 18th November, 2025 10.00 am",
    body: str = "",
) -> bytes:
    """A page of the Open Council Network, as text."""
    return (
        f"Subscribe to updates\nYou'll receive weekly summaries about {council} every week.\n{committee} - {day}\n"
        "November 18, 2025 View on council websiteSummary\n"
        f"{body or 'The committee met to discuss waits and schools.'}\n"
        "Attendees\nTopics\nNo topics have been identified for this meeting yet.\n"
    ).encode()


ESCAPED = {ord(each): "\\" + each for each in "()\\"}


def pdf_of(*pages: tuple[str, ...]) -> bytes:
    """A PDF with these lines on its pages, as small as one can be."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, lines in enumerate(pages):
        drawn = "\n".join(f"({line.translate(ESCAPED)}) Tj T*" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td\n{drawn}\nET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * at} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(
            f"<< /Length {len(stream.encode('cp1252', 'replace'))} >>\nstream\n{stream}\nendstream"
        )
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n".encode("cp1252", "replace")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


REPORT = (
    (
        "Waits of children: report",
        "The trusts saw 1,240 children within 18 weeks of being referred, which is 62% of all those who",
        "were seen in the year. We recommend that the committee asks again in spring.",
        "- Members are asked to note the report by 16 January 2026.",
    ),
    (
        "The maturity model looks at six domains of a partnership, and special school nursing is one part of it.",
    ),
)


def put(folder: Path, **files: bytes) -> list[Path]:
    """Files in a folder, `a_xml` being a.xml."""
    folder.mkdir(exist_ok=True, parents=True)
    paths = []
    for name, content in files.items():
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_bytes(content)
        paths.append(path)
    return paths
