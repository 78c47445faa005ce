"""Office files without the clock: the same content is the same bytes, whenever and wherever it is written."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can say."""
TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def settled(content: bytes, moment: datetime) -> bytes:
    """The same file with `moment` as the time it was made, and no other time in it; workbooks inside it likewise."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            told = _part(name, before.read(name), moment)
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o600 << 16,
            )
            after.writestr(entry, told)
    return stream.getvalue()


def _part(name: str, content: bytes, moment: datetime) -> bytes:
    if name == "docProps/core.xml":
        written = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        return TIMES.sub(lambda found: found[1] + written + found[2], content)
    return settled(content, moment) if name.endswith(".xlsx") else content
