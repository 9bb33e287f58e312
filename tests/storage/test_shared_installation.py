"""From a clone to an approved application: the commands of ``docs/operations.md``, run as they stand there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.answers import dump
from assistant.services.accounts import one_time_codes
from tests.web.made_up import complete_answers
from tests.web.plain_browser import SECONDS, Browser, hidden_values

ROOT = Path(__file__).resolve().parents[2]
MOST_COMMANDS = 10
PASSWORD = "purple kettle walks slowly"  # noqa: S105 - made up
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX systems")


def commands() -> list[str]:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    block = re.search(r"<!-- commands -->\n```sh\n(.+?)```", text, re.DOTALL)
    assert block
    return block[1].splitlines()


class Person:
    """One of the four: their link is opened, and then they can sign in any number of times."""

    def __init__(self, email: str, link: str) -> None:
        self.email, self.link, self.secret, self.step = email, link, "", 0

    def code(self) -> str:
        """Return a code that was not used: of the step before, of this one, or of the next, which all count."""
        now = int(datetime.now(UTC).timestamp()) // one_time_codes.SECONDS
        self.step = max(self.step + 1, now - 1)
        return one_time_codes.code_of_step(self.secret, self.step)

    def set_up(self, port: int) -> None:
        address = self.link.partition("://")[2].partition("/")[2]
        browser = Browser(port, secure=False)
        page = browser.ask(f"/{address}")[1]
        key = re.search(r'<code class="long-word">([A-Z2-7 ]+)</code>', page)
        assert key, page
        self.secret = key[1].replace(" ", "")
        status, page, _ = browser.ask(
            f"/{address}", {"name": self.email, "password": PASSWORD, "again": PASSWORD, "code": self.code()}
        )
        assert (status, "Your account is ready" in page) == (200, True), page

    def sign_in(self, port: int) -> Browser:
        browser = Browser(port, secure=False)
        assert browser.ask("/sign-in", {"email": self.email, "password": PASSWORD, "onward": "/"})[0] == 303
        assert browser.ask("/sign-in/code", {"code": self.code(), "onward": "/"})[0] == 303
        return browser


def test_ten_commands_lead_from_a_clone_to_two_agencies_four_people_and_an_approved_application(
    tmp_path: Path,
) -> None:
    clone, set_up, *lines, doctor, serve = commands()
    assert len(commands()) <= MOST_COMMANDS
    assert (clone.split()[0], set_up) == ("git", "python3 bootstrap.py setup")
    assert (doctor, serve) == (".venv/bin/moa doctor", ".venv/bin/moa serve")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "instance").mkdir(mode=0o700)
    environ = {**os.environ, "ASSISTANT_INSTANCE_DIR": str(tmp_path / "instance"), "ASSISTANT_PORT": "0"}

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environ, text=True, capture_output=True, check=False
        )

    everyone = {}
    for line in lines:
        done = run(f"{line} --json" if "moa user add" in line else line)
        assert done.returncode == 0, (line, done.stderr)
        if "moa user add" in line:
            document = json.loads(done.stdout)
            everyone[document["email"].partition("@")[0]] = Person(document["email"], document["link"])
    assert everyone.keys() == {"ada", "pat", "kim", "lee"}
    assert "keys" in run(doctor).stdout
    server = subprocess.Popen(serve.split(), cwd=tmp_path, env=environ, text=True, stdout=subprocess.PIPE)
    try:
        assert server.stdout
        port = int(server.stdout.readline().strip().rpartition(":")[2].strip("/"))
        for one in everyone.values():
            one.set_up(port)
        pat, kim, lee = (everyone[name].sign_in(port) for name in ("pat", "kim", "lee"))
        answers = dump(complete_answers()).encode()
        status, page, home = pat.ask("/applications/from-file", file=("answers", answers))
        assert status == 302, page
        assert pat.ask(f"{home}approval/decide", {"go": "approve", "sha256": "0"}, page=home)[0] == 403, (
            "Pat only prepares"
        )
        assert lee.ask(home)[0] == 404, "another agency has no such application"
        form = hidden_values(kim.ask(f"{home}signatory/")[1])
        assert re.fullmatch("[0-9a-f]{64}", form["sha256"])
        decision = {"go": "approve", "sha256": form["sha256"], "version": form["version"]}
        status, page, _ = kim.ask(f"{home}approval/decide", decision, page=f"{home}signatory/")
        assert status in {302, 303}, page
        assert "Approved" in pat.ask(home)[1]
    finally:
        server.terminate()
        server.communicate(timeout=SECONDS)
    assert server.returncode == 0
