"""A browser without pages: it asks a real server, keeps cookies, and sends forms with the token of a page."""

from __future__ import annotations

import re
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.load.soak import multipart

SECONDS = 90
"""After so long a test gives up; nothing is measured."""
_HIDDEN = re.compile(r'<input type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'\b(name|value)="([^"]*)"')


class Browser:
    """Each request goes over a new connection. ``secure``: as behind a proxy with TLS, cookies must be Secure."""

    def __init__(self, port: int, *, secure: bool) -> None:
        self.port, self.secure, self.cookies = port, secure, dict[str, str]()

    def ask(
        self,
        address: str,
        form: dict[str, str] | None = None,
        *,
        page: str = "",
        file: tuple[str, bytes] | None = None,
    ) -> tuple[int, str, str]:
        """Return status, page and where it leads; a form is sent with the token of a page, by default the same one."""
        headers: dict[str, str] = {}
        body: str | bytes | None = None
        if form or file:
            values = {"csrf_token": hidden_values(self.ask(page or address)[1])["csrf_token"], **(form or {})}
            if file:
                body, headers["Content-Type"] = multipart(values, *file)
            else:
                body, headers["Content-Type"] = urlencode(values), "application/x-www-form-urlencoded"
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request("GET" if body is None else "POST", address, body, headers)
        answer = connection.getresponse()
        text_of_page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            assert ("; Secure" in line) == self.secure, line
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, text_of_page, answer.headers.get("Location", "")


def hidden_values(page: str) -> dict[str, str]:
    """Return the hidden fields of a page by name, the last of each name."""
    values = {}
    for tag in _HIDDEN.findall(page):
        attributes = dict(_ATTRIBUTE.findall(tag))
        values[attributes.get("name", "")] = unescape(attributes.get("value", ""))
    return values
