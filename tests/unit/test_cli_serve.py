"""The server listens on loopback only, says what to open once it does, and says why when it cannot."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from assistant.cli.main import run
from assistant.cli.serve import listen, safe_addresses
from assistant.config import Config
from assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def config(tmp_path: Path, host: str, port: int = 0, *, behind_tls: bool = False) -> Config:
    return Config(instance_dir=tmp_path, host=host, port=port, behind_tls=behind_tls)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the server on a free port, and yield it with the first line it printed."""
    environ = {**os.environ, "ASSISTANT_INSTANCE_DIR": str(folder), **settings}
    server = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", "0"], env=environ, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert server.stdout
        yield server, server.stdout.readline()
    finally:
        server.kill()
        server.communicate()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the host and port of a server that asks for no token."""
    with serving(tmp_path_factory.mktemp("served"), ASSISTANT_START_TOKEN="0") as (_, line):  # noqa: S106 - a switch
        yield line.strip().removeprefix("Open http://")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost"])
def test_loopback_is_free(tmp_path: Path, host: str) -> None:
    assert safe_addresses(config(tmp_path, host))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "10.0.0.1"])  # noqa: S104  # what must be refused
@pytest.mark.parametrize("behind_tls", [False, True])
def test_every_other_address_is_refused(tmp_path: Path, host: str, *, behind_tls: bool) -> None:
    with pytest.raises(InputError, match="ingle mode has no sign-in"):
        safe_addresses(config(tmp_path, host, behind_tls=behind_tls))


@pytest.mark.parametrize("name", ["BEHIND_TLS", "PROXY_HOPS"])
def test_nobody_is_served_through_a_proxy(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name}", "1")
    monkeypatch.setattr("assistant.cli.serve._answer", lambda *_: pytest.fail("it serves"))
    assert run(["serve", "--port", "0"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"leave ASSISTANT_{name} out" in err


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104  # what a proxy in front may reach
def test_a_shared_one_behind_tls_may_be_reached_from_outside(tmp_path: Path, host: str) -> None:
    shared = replace(config(tmp_path, host, behind_tls=True), mode="shared", proxy_hops=1)
    assert safe_addresses(shared) == [host]


def test_a_shared_one_without_tls_stays_on_this_machine(tmp_path: Path) -> None:
    shared = replace(config(tmp_path, "127.0.0.1"), mode="shared")
    assert safe_addresses(shared) == ["127.0.0.1"]
    with pytest.raises(InputError, match="unprotected: choose 127"):
        safe_addresses(replace(shared, host="0.0.0.0"))  # noqa: S104  # what must be refused
    with pytest.raises(InputError, match="ASSISTANT_BEHIND_TLS"):
        safe_addresses(replace(shared, proxy_hops=1))


def test_a_shared_one_prints_no_token_and_asks_to_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path))
    assert run(["user", "add", "ada@example.gov", "--agency", "Example County", "--role", "administrator"]) == 0
    with serving(tmp_path, ASSISTANT_MODE="shared") as (_, line):
        assert re.fullmatch(r"Open http://127\.0\.0\.1:\d+\n", line)
        with build_opener().open(line.removeprefix("Open ").strip(), timeout=20) as answer:
            assert answer.url.endswith("/sign-in?onward=/")
            assert b"Sign in" in answer.read()


def test_empty_host_is_the_default_not_every_address(tmp_path: Path) -> None:
    # getaddrinfo takes "" for every address of the machine.
    with pytest.raises(InputError):
        safe_addresses(config(tmp_path, ""))


def test_refusal_is_exit_status_two_and_binds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--host", "0.0.0.0", "--port", "0"]) == 2  # noqa: S104  # it is what must be refused
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("host", ["no-such-host.invalid", "::1", "::", "2001:db8::1", "a" * 300, "exa mple"])
def test_unknown_host_is_one_sentence(tmp_path: Path, host: str) -> None:
    with pytest.raises(InputError, match="has no IPv4 address here"):
        safe_addresses(config(tmp_path, host))


def test_taken_port_is_one_sentence(capsys: pytest.CaptureFixture[str], taken: int) -> None:
    assert run(["serve", "--port", str(taken)]) == 2
    assert f"Port {taken} is in use" in capsys.readouterr().err


def test_address_of_another_machine_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not an address of this machine"):
        listen(config(tmp_path, "192.0.2.1"), ["192.0.2.1"])


def test_it_says_what_to_open_once_it_answers(tmp_path: Path) -> None:
    with serving(tmp_path) as (server, line):
        assert re.fullmatch(r"Open http://127\.0\.0\.1:\d+/start/[\w-]{22}\n", line)
        address = line.removeprefix("Open ").strip()
        browser, stranger = (build_opener(HTTPCookieProcessor()) for _ in range(2))
        with browser.open(address, timeout=20) as answer:
            assert (answer.status, answer.url) == (200, f"{address.partition('/start/')[0]}/")
        with browser.open(answer.url, timeout=20) as answer:
            assert answer.status == 200, "the cookie is enough from now on"
        with pytest.raises(HTTPError, match="403"):
            stranger.open(answer.url, timeout=20)
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=20)
    assert server.returncode == 0
    assert said.splitlines()[-1] == "Stopped. Everything that was saved is safe."


def test_each_start_has_a_token_of_its_own_and_none_where_it_is_switched_off(tmp_path: Path, served: str) -> None:
    tokens = set()
    for _ in range(2):
        with serving(tmp_path) as (_server, line):
            tokens.add(line.rpartition("/start/")[2])
    assert len(tokens) == 2
    assert "/" not in served


@pytest.mark.parametrize("address", ["/check/", "/applications/from-agreement/", "/forms/add"])
def test_too_large_a_file_gets_the_programs_own_page(served: str, address: str) -> None:
    with socket.create_connection(("127.0.0.1", int(served.rpartition(":")[2])), timeout=20) as browser:
        browser.settimeout(20)
        large = 34_000_000
        head = f"POST {address} HTTP/1.1\r\nHost: {served}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        browser.sendall(f"{head}Content-Length: {large}\r\nConnection: close\r\n\r\n".encode() + bytes(large))
        answer = b"".join(iter(lambda: browser.recv(65_536), b"")).decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "this program accepts files of up to 25 MB" in answer
    assert f'href="{address}"' in answer, "the way back"
    assert "waitress" not in answer
