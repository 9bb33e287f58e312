"""The server itself: headers that only a proxy may send never reach the program; the container serves nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
ECHO = """
import assistant.app
from assistant.cli.main import run

def create_app(config, **_):
    def answer(environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        return ["\\n".join(name for name in sorted(environ) if name.startswith("HTTP_")).encode()]
    return answer

assistant.app.create_app = create_app
raise SystemExit(run(["serve", "--port", "0"]))
"""
PROXYS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port")


def test_headers_of_a_proxy_are_cleared(tmp_path: Path) -> None:
    """What the program is given is what waitress let through; other headers come as they were sent."""
    environ = {**os.environ, "ASSISTANT_INSTANCE_DIR": str(tmp_path)}
    server = subprocess.Popen([sys.executable, "-c", ECHO], cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE)
    try:
        assert server.stdout
        address = server.stdout.readline().removeprefix("Open ").strip()
        asked = Request(address, headers={**dict.fromkeys(PROXYS, "evil.example"), "X-Other": "x"})  # noqa: S310 - as below
        with urlopen(asked, timeout=20) as answer:  # noqa: S310 - the address just printed
            given = answer.read().decode().split()
    finally:
        server.kill()
        server.communicate()
    assert "HTTP_X_OTHER" in given
    assert [name for name in given if "FORWARDED" in name] == []


def container() -> list[str]:
    text = (ROOT / "deploy" / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_container_installs_the_lock_alone() -> None:
    (install,) = [line for line in container() if "-r requirements.lock" in line]
    first = install.partition("&&")[0].split()
    assert {"--require-hashes", "--no-deps"} <= set(first)


def test_the_container_serves_its_own_machine_only() -> None:
    """With these settings, and no others, `moa serve` keeps to 127.0.0.1 by itself."""
    lines = container()
    (settings,) = [line.split()[1:] for line in lines if line.startswith("ENV ")]
    assert settings == ["ASSISTANT_INSTANCE_DIR=/data"]
    assert not [line for line in lines if line.startswith("EXPOSE")]
    assert lines[-1] == 'CMD ["moa", "serve"]'
