"""Slow files and half-sent requests of some are waited for by nobody else; asked of a real server over sockets."""

from __future__ import annotations

import http.client
import os
import re
import select
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli import timed_channel, wizard_server
from assistant.cli.serve import listen
from assistant.cli.wizard_server import PLACES, make_server
from assistant.config import Config
from assistant.errors import PdfError
from assistant.pdf import sandbox
from assistant.pdf.sandbox import Task
from assistant.services.agreements import agreement_check
from tests.load.soak import multipart
from tests.unit.test_cli_serve import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.cli.request_loop import RequestLoop

GATE = "ASSISTANT_TEST_GATE"
LONG = 60.0
"""Seconds after which a test gives up; nothing is measured."""
HALF = b"POST /check/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nhalf"


def wait_at_gate(_: bytes, *__: object) -> None:
    """Wait in the child until the test opens the gate, then refuse the file."""
    gate = Path(os.environ[GATE])
    (gate / f"here-{os.getpid()}").touch()
    while not (gate / "open").exists():
        time.sleep(0.05)
    raise PdfError("The PDF was read.")


@contextmanager
def running(tmp_path: Path) -> Iterator[tuple[int, RequestLoop, threading.Thread]]:
    """Run the server of ``moa serve`` in this process, so that a test may change what a child does.

    Yields its port, its loop, and the thread of it.
    """
    config = Config(instance_dir=tmp_path / "instance", port=0)
    listening = listen(config, ["127.0.0.1"])
    server = make_server(config, listening)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield listening[0].getsockname()[1], server, thread
    finally:
        server.stop()
        server.stop()
        thread.join(LONG)


@contextmanager
def served(tmp_path: Path) -> Iterator[int]:
    with running(tmp_path) as (port, _, _thread):
        yield port


@pytest.fixture(autouse=True)
def own_queue() -> Iterator[None]:
    before = sandbox._queue
    yield
    sandbox._queue = before


def get(port: int, address: str = "/") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    connection.request("GET", address)
    status = connection.getresponse().status
    connection.close()
    return status


def check(port: int, answers: list[tuple[int, str]]) -> None:
    """Send a file to be checked, and keep status and page of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3 * LONG)
    connection.request("GET", "/check/")
    answer = connection.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    body, mime = multipart({"csrf_token": token[1] if token else ""}, "agreement", b"%PDF-1.7\n")
    connection.request("POST", "/check/", body, {"Cookie": cookie, "Content-Type": mime})
    answer = connection.getresponse()
    answers.append((answer.status, answer.read().decode()))
    connection.close()


def until(true: object) -> None:
    end = time.monotonic() + LONG
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def test_pages_are_answered_while_slow_files_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GATE, str(tmp_path))
    slow: Task[Any] = Task(module=__name__, function="wait_at_gate", seconds=60, seconds_per_page=0)
    monkeypatch.setattr(agreement_check, "CHECK", slow)
    monkeypatch.setattr(wizard_server, "WAIT_SECONDS", 10 * LONG)
    answers: list[tuple[int, str]] = []
    with served(tmp_path) as port:
        asked = [threading.Thread(target=check, args=(port, answers), daemon=True) for _ in range(PLACES)]
        for one in asked:
            one.start()
        until(lambda: sandbox._queue._inside == PLACES)
        until(lambda: list(tmp_path.glob("here-*")))
        assert [get(port) for _ in range(8)] == [200] * 8
        assert answers == [], "the slow files were still being read"
        assert 1 <= len(list(tmp_path.glob("here-*"))) <= wizard_server.MOST_CHILDREN, "the others wait"
        check(port, answers)
        ((status, page),) = answers
        assert status == 503, "the queue is full"
        assert "This computer is busy. Try again in a minute." in page
        (tmp_path / "open").touch()
        for one in asked:
            one.join(LONG)
    assert [status for status, _ in answers[1:]] == [422] * PLACES
    assert all("The PDF was read." in page for _, page in answers[1:])


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a gate at which each check of a file waits, until the file "open" is there."""
    monkeypatch.setenv(GATE, str(tmp_path))
    slow: Task[Any] = Task(module=__name__, function="wait_at_gate", seconds=60, seconds_per_page=0)
    monkeypatch.setattr(agreement_check, "CHECK", slow)
    return tmp_path


def test_a_request_that_is_worked_on_is_answered_before_the_server_stops(gate: Path) -> None:
    answers: list[tuple[int, str]] = []
    with ExitStack() as stack, running(gate) as (port, server, thread):
        idle = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=LONG))
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert idle.recv(65_536).startswith(b"HTTP/1.1 200 ")
        asked = threading.Thread(target=check, args=(port, answers), daemon=True)
        asked.start()
        until(lambda: list(gate.glob("here-*")))
        server.stop()
        while idle.recv(65_536):
            pass  # until the connection ends, on which nothing is asked
        with pytest.raises(OSError, match=r"refused|reset"):
            socket.create_connection(("127.0.0.1", port), timeout=LONG).recv(1)
        assert thread.is_alive()
        assert not answers
        (gate / "open").touch()
        asked.join(LONG)
        thread.join(LONG)
        assert not thread.is_alive()
    ((status, page),) = answers
    assert status == 422
    assert page.rstrip().endswith("</html>")


def test_a_second_order_to_stop_waits_for_nobody(gate: Path) -> None:
    with running(gate) as (port, server, thread):
        asked = threading.Thread(target=_ask_and_be_dropped, args=(port,), daemon=True)
        asked.start()
        until(lambda: list(gate.glob("here-*")))
        server.stop()
        server.stop()
        thread.join(LONG)
        assert not thread.is_alive()
        (gate / "open").touch()
        asked.join(LONG)


def _ask_and_be_dropped(port: int) -> None:
    with suppress(OSError, http.client.HTTPException):
        check(port, [])


def test_a_hundred_and_fifty_half_sent_requests_block_nobody(tmp_path: Path) -> None:
    with serving(tmp_path, ASSISTANT_START_TOKEN="0") as (_, line), ExitStack() as stack:  # noqa: S106 - a switch
        port = int(line.rpartition(":")[2])
        for _ in range(150):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=LONG))
            one.sendall(HALF)
        assert [get(port) for _ in range(4)] == [200] * 4


def test_a_connection_on_which_nothing_more_comes_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wizard_server, "SILENT_SECONDS", 1)
    monkeypatch.setattr(wizard_server, "LOOK_SECONDS", 1)
    with served(tmp_path) as port, socket.create_connection(("127.0.0.1", port), timeout=LONG) as half:
        half.sendall(HALF)
        assert half.recv(1) == b"", "the server hung up"
        assert get(port) == 200


@pytest.mark.parametrize(
    ("limit", "start"),
    [("HEAD_SECONDS", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "), ("REQUEST_SECONDS", HALF)],
)
def test_a_sender_that_trickles_is_cut_off_and_a_quick_one_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, start: bytes
) -> None:
    late = threading.Event()
    monkeypatch.setattr(timed_channel, "monotonic", lambda: time.monotonic() + (10_000 if late.is_set() else 0))
    other = {"HEAD_SECONDS", "REQUEST_SECONDS"} - {limit}
    monkeypatch.setattr(timed_channel, other.pop(), 1_000_000)
    monkeypatch.setattr(wizard_server, "SILENT_SECONDS", 10_000)
    with served(tmp_path) as port, socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
        slow.sendall(start)
        assert get(port) == 200  # the server has seen the start of the slow one
        late.set()
        with suppress(ConnectionError):
            for _ in range(100):
                if select.select([slow], [], [], 0.05)[0]:
                    break
                slow.sendall(b"a")
            assert slow.recv(1) == b"", "the server hung up"
        assert get(port) == 200


def test_the_shipped_limits_leave_room_for_many_and_time_for_few() -> None:
    assert wizard_server.CONNECTIONS > 150
    assert wizard_server.SILENT_SECONDS <= 30
    assert wizard_server.MOST_CHILDREN < PLACES
