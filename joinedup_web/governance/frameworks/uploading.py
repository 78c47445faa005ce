"""How a filled-in form reaches the workspace: in memory, within the limit, on the pages that take one."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload

from joinedup.governance.packages import MAX_BYTES_IN

TAKES = {
    "send_scores": ("score", "keep"), "send_agreed": ("moderate",), "send_place_form": ("keep",),
}  # fmt: skip
"""Address -> actions of which one is asked of whoever sends a file there."""
FIELD = "file"


class FrameworkUploadHandler(FileUploadHandler):
    """Takes one file on the pages that take a form; leaves every other upload to the handlers after it."""

    content: io.BytesIO | None = None
    whole = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Keep how long the whole request says it is."""
        self.whole = content_length

    def new_file(self, *told: Any, **more: Any) -> None:
        """Begin the file, or leave it to others."""
        super().new_file(*told, **more)
        self.content = io.BytesIO() if self._takes() else None
        if self.content is not None:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take a block; beyond the limit nothing is kept, and the form says so."""
        if self.content is None:
            return raw_data
        if self.content.tell() + len(raw_data) > MAX_BYTES_IN:
            self.content = None
            self.request.too_large = True
            raise StopUpload(connection_reset=self.whole > 2 * MAX_BYTES_IN)
        self.content.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """The file is whole."""
        content, self.content = self.content, None
        if content is None:
            return None
        content.seek(0)
        return InMemoryUploadedFile(
            content, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )

    def _takes(self) -> bool:
        match, scope = getattr(self.request, "resolver_match", None), getattr(self.request, "scope", None)
        if match is None or scope is None or self.field_name != FIELD:
            return False
        return any(scope.may(action, "framework") for action in TAKES.get(match.view_name, ()))
