"""How a text reaches the page that checks claims: into memory, up to its limit, on that page alone."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload

from joinedup.saved_pages import MOST_BYTES

TAKES = "write_paper"


class PaperUploadHandler(FileUploadHandler):
    """Takes a file where somebody enters a paper; passes every other upload on to the handlers after it."""

    taken: list[bytes] | None = None
    size = 0

    def new_file(self, *told: Any, **more: Any) -> None:
        """Begin a file where one is taken."""
        super().new_file(*told, **more)
        match, scope = getattr(self.request, "resolver_match", None), getattr(self.request, "scope", None)
        if (
            match is not None
            and match.view_name == TAKES
            and scope is not None
            and scope.may("write", "claim")
        ):
            self.taken, self.size = [], 0
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a block; one byte above the limit is enough for the form to say so."""
        if self.taken is None:
            return raw_data
        self.size += len(raw_data)
        if self.size > 2 * MOST_BYTES:
            raise StopUpload(connection_reset=True)
        if self.size <= MOST_BYTES + len(raw_data):
            self.taken.append(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The file is whole."""
        if self.taken is None:
            return None
        content, self.taken = b"".join(self.taken), None
        return SimpleUploadedFile(self.file_name or "paper.txt", content, self.content_type or "text/plain")
