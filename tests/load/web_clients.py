"""Browsers for ``bench_web.py``: kept connections that ask for a page, or save it with its token, one after another.

A client is a thread with a connection; what it costs is small beside a page, and the same for both sides.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

_LENGTH = re.compile(r"(?i)\r\ncontent-length: *(\d+)")
_CLOSED = re.compile(r"(?i)\r\nconnection: *close")
_COOKIE = re.compile(r"(?i)\r\nset-cookie: *([^;]+)")
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(name|value|type)="([^"]*)"')


@dataclass
class Asked:
    """What came back: seconds of each answer, how many failed, and why the first did."""

    rate: float = 0.0
    times: list[float] = field(default_factory=list)
    failed: int = 0
    first_failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What every client does."""

    port: int
    kind: str
    change: str
    seconds: float


def ask(port: int, kind: str, connections: int, seconds: float) -> Asked:
    """Ask for as long as said, over so many connections, each at a page of its own."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/places", timeout=60) as answer:
        places = json.loads(answer.read())
    found = Asked()
    order = Order(port=port, kind=kind, change=places["change"], seconds=seconds)
    ready = threading.Barrier(connections + 1)
    pages = places["pages"]
    clients = [_Client(order, pages[n % len(pages)], ready) for n in range(connections)]
    for client in clients:
        client.start()
    ready.wait()
    began = time.perf_counter()
    for client in clients:
        client.join()
    took = time.perf_counter() - began
    for client in clients:
        found.times += client.times
        found.failed += client.failed
        found.first_failure = found.first_failure or client.first_failure
    found.rate = len(found.times) / took
    return found


class _Client(threading.Thread):
    """One browser. A save changes one box to what it never was, so that every save writes."""

    def __init__(self, order: Order, page: str, ready: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.order, self.page, self.ready = order, page, ready
        self.times: list[float] = []
        self.failed = 0
        self.first_failure = ""
        self.cookie = ""
        self.saves = 0
        self.wire: socket.socket | None = None

    def run(self) -> None:
        """Open the page, wait for the others, then ask until the time is over."""
        _, page = self._asked("GET")
        values = _values(page)
        self.ready.wait()
        end = time.perf_counter() + self.order.seconds
        wanted = 200 if self.order.kind == "GET" else 302
        while time.perf_counter() < end:
            body = "" if self.order.kind == "GET" else self._typed(values)
            began = time.perf_counter()
            status, text = self._asked(self.order.kind, body)
            self.times.append(time.perf_counter() - began)
            if status != wanted:
                self.failed += 1
                self.first_failure = self.first_failure or f"{status}: {text[:200]}"
        if self.wire:
            self.wire.close()

    def _typed(self, values: dict[str, str]) -> str:
        self.saves += 1
        typed = values | {self.order.change: f"Sheriff {threading.get_ident() % 100_000} {self.saves}"}
        if "version" in typed:
            typed["version"] = "999999999"  # the newest: a browser would have loaded the page again
        return urlencode(typed)

    def _asked(self, method: str, body: str = "") -> tuple[int, str]:
        """Return status and text of an answer, over the connection that is open, or a new one."""
        lines = [f"{method} {self.page} HTTP/1.1", f"Host: 127.0.0.1:{self.order.port}"]
        lines += [f"Cookie: {self.cookie}"] if self.cookie else []
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        try:
            if self.wire is None:
                self.wire = socket.create_connection(("127.0.0.1", self.order.port), timeout=60)
            self.wire.sendall("\r\n".join([*lines, "", body]).encode())
            head, text = self._answer(self.wire)
        except OSError as error:
            self.wire = None
            return 0, repr(error)
        if _CLOSED.search(head):
            self.wire.close()
            self.wire = None
        if given := _COOKIE.search(head):
            self.cookie = given[1]
        return int(head[9:12]), text

    @staticmethod
    def _answer(wire: socket.socket) -> tuple[str, str]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += _received(wire)
        head, _, body = data.partition(b"\r\n\r\n")
        said = head.decode("latin-1")
        length = _LENGTH.search(said)
        while length and len(body) < int(length[1]):
            body += _received(wire)
        return said, body.decode()


def _received(wire: socket.socket) -> bytes:
    part = wire.recv(65_536)
    if not part:
        message = "the server closed the connection"
        raise ConnectionError(message)
    return part


def _values(page: str) -> dict[str, str]:
    """Return what the page's form would send: boxes, and the radio buttons that are chosen."""
    found: dict[str, str] = {}
    for tag in _INPUT.findall(page):
        attributes = dict(_ATTRIBUTE.findall(tag))
        chosen = attributes.get("type") not in {"radio", "checkbox"} or " checked" in tag
        if "name" in attributes and chosen:
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    return found
