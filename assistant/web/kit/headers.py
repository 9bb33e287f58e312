"""Before a request: its id and its size. After it: the headers that every response carries."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, g, request

if TYPE_CHECKING:
    from flask import Flask, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: under TLS the check of a form's origin reads it.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


LARGEST_TEXT = 1_000_000  # bytes of a form without a file; the largest page of questions has a few thousand


def guard(app: Flask) -> None:
    """Refuse oversized forms, and put the headers on every response, errors included."""

    @app.before_request
    def look_at_request() -> None:
        g.request_id = secrets.token_hex(6)
        if request.mimetype != "multipart/form-data":
            request.max_content_length = LARGEST_TEXT
        elif None in request.form or None in request.files:
            # A part without a name is no field of any page (RFC 7578, section 4.2). Nothing behind this expects one.
            abort(HTTPStatus.BAD_REQUEST)

    @app.after_request
    def add_headers(response: Response) -> Response:
        present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - headers may repeat, and are no mapping
        response.headers.extend([row for row in HEADERS.items() if row[0].lower() not in present])
        # Our own files set a long life; everything else may hold someone's data.
        response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
