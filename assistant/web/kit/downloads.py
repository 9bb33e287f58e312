"""A file that a browser saves and never shows."""

from __future__ import annotations

from flask import Response


def send_file_to_save(data: bytes | str, name: str, mimetype: str) -> Response:
    """Return a file to be saved under a name, which is ASCII and has no quotation mark."""
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
