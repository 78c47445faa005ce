"""Files that pages of scrutiny give out."""

from __future__ import annotations

from django.http import HttpResponse

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
}  # fmt: skip


def as_file(content: bytes, form: str, name: str) -> HttpResponse:
    """A file to keep, which no browser takes for a page."""
    answer = HttpResponse(content, content_type=KINDS[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
