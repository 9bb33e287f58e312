"""Ask a page of the wizard and save it, as many browsers would at once; beside a trivial Flask + SQLAlchemy page.

    python tests/load/bench_web.py [--json] [--seconds N]

The yardstick (``web_yardstick.py``) is a form of six boxes kept in one row: session, CSRF token, SQLite with WAL and
synchronous FULL, one commit a save. Ours is the signatory's page of an application in which everything is answered,
with its findings, sizes and history. Both run on 127.0.0.1 in processes of their own, in turn on the same server
(waitress with four threads, gunicorn with two processes), and are asked over 16 and 32 kept connections. Each save
comes with a session and a token of its own page, to a row or an application of its own connection.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.load.web_clients import Asked, ask  # noqa: E402 - the checkout's own code comes first

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTIONS = (16, 32)
SECONDS = 4.0
ROUNDS = 3
APPLICATIONS = max(CONNECTIONS)
WAITRESS = """
import logging, signal, sys
logging.getLogger("waitress.queue").setLevel("ERROR")
from waitress.server import create_server
from {module} import make
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
create_server(make(), host="127.0.0.1", port={port}, threads=4, ident=None).run()
"""


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Time pages under load beside a trivial page.")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each round asks")
    options = parser.parse_args()
    figures = measure(options.seconds)
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
        return
    for server, kinds in figures.items():
        sys.stdout.write(f"{server}\n")
        for kind, rows in kinds.items():
            for connections, row in rows.items():
                ours, bare = row["ours"], row["yardstick"]
                sys.stdout.write(
                    f"  {kind:<4} {connections:>2} connections: {_said('ours', ours)}; {_said('yardstick', bare)};"
                    f" ours is {row['share']:.2f} of it\n"
                )


def _said(name: str, row: dict[str, Any]) -> str:
    return f"{name} {row['rate']:6.0f}/s, p95 {row['p95_ms']:5.0f} ms, failed {row['failed']}"


def measure(seconds: float) -> dict[str, Any]:
    """Return {server: {GET or POST: {connections: both and their ratio}}}; the two are asked in turn."""
    figures: dict[str, Any] = {}
    for server in ("waitress 4 threads", "gunicorn sync x2"):
        with tempfile.TemporaryDirectory() as folder, running(server, folder) as ports:
            figures[server] = {
                kind: {str(n): _both(ports, kind, n, seconds) for n in CONNECTIONS} for kind in ("GET", "POST")
            }
    return figures


def _both(ports: dict[str, int], kind: str, connections: int, seconds: float) -> dict[str, Any]:
    rounds: dict[str, list[Asked]] = {name: [] for name in ports}
    for _ in range(ROUNDS):
        for name, port in ports.items():
            rounds[name].append(ask(port, kind, connections, seconds / ROUNDS))
    said = {name: _median(found) for name, found in rounds.items()}
    return said | {"share": round(said["ours"]["rate"] / max(said["yardstick"]["rate"], 1), 2)}


def _median(found: list[Asked]) -> dict[str, Any]:
    times = sorted(time for one in found for time in one.times)
    return {
        "rate": round(statistics.median(one.rate for one in found), 1),
        "p95_ms": round(1000 * times[int(0.95 * (len(times) - 1))], 1) if times else 0.0,
        "failed": sum(one.failed for one in found),
        "first_failure": next((one.first_failure for one in found if one.first_failure), ""),
    }


@contextmanager
def running(server: str, folder: str) -> Iterator[dict[str, int]]:
    """Run both applications on a server, and give their ports."""
    started: list[subprocess.Popen[bytes]] = []
    ports = {}
    try:
        for name, module in (("ours", "tests.load.web_ours"), ("yardstick", "tests.load.web_yardstick")):
            home = Path(folder) / name
            home.mkdir()
            port = _free_port()
            environ = os.environ | {
                "ASSISTANT_INSTANCE_DIR": str(home),
                "BENCH_FOLDER": str(home),
                "BENCH_ROWS": str(APPLICATIONS),
                "PYTHONPATH": str(ROOT),
            }
            subprocess.run([sys.executable, "-c", f"from {module} import fill; fill()"], env=environ, check=True)
            started.append(subprocess.Popen(_command(server, module, port), env=environ, start_new_session=True))
            ports[name] = port
        for port in ports.values():
            _wait_for(port)
        yield ports
    finally:
        for one in started:
            os.killpg(one.pid, signal.SIGTERM)
            one.wait(timeout=20)


def _command(server: str, module: str, port: int) -> list[str]:
    if server.startswith("waitress"):
        return [sys.executable, "-c", WAITRESS.format(module=module, port=port)]
    gunicorn = [sys.executable, "-m", "gunicorn", "--workers", "2", "--log-level", "error"]
    return [*gunicorn, "--bind", f"127.0.0.1:{port}", f"{module}:make()"]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = f"no server answers on port {port}"
    raise SystemExit(message)


if __name__ == "__main__":
    main()
