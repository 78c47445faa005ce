"""How a template reaches the workspace."""

from __future__ import annotations

from joinedup_web.organisations.uploading import InMemoryUpload


class TemplateUploadHandler(InMemoryUpload):
    """Takes a template from those who may make every pack."""

    takes = "send_template"
    asks = ("make_any", "pack")
    most = 20_000_000
