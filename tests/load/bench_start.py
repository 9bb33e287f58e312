"""How long it takes to start, and what the first page weighs: medians, beside a bare Python and a bare Flask page.

    python tests/load/bench_start.py [--json]

Prints seconds for `moa --help` and for the time until the server says what to open, each beside its yardstick (a Python
that does nothing; a Flask application of one line on the same server), and, where Chromium is installed, the bytes that
the first page transfers and the seconds until it has loaded.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 7
BARE_FLASK = """
import flask, waitress.server
app = flask.Flask("bare")
app.add_url_rule("/", "root", lambda: "bare")
server = waitress.server.create_server(app, host="127.0.0.1", port=0)
print("Open", flush=True)
server.run()
"""


def median(measure: Callable[[], float]) -> float:
    """Return the median of some rounds, after one that is not counted."""
    measure()
    return round(statistics.median(measure() for _ in range(ROUNDS)), 3)


def seconds_to_end(*command: str) -> float:
    """Return how long a program runs."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


@contextmanager
def started(*command: str) -> Iterator[str]:
    """Start a server, yield the first line it prints, and stop it."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "ASSISTANT_INSTANCE_DIR": folder}
        server = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert server.stdout
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.communicate()


def seconds_to_ready(*command: str) -> float:
    """Return how long a server takes until it says that it answers."""
    start = time.perf_counter()
    with started(*command) as line:
        if not line.startswith("Open"):
            sys.exit("The server did not start: run `python -m assistant serve` to see why.")
        return time.perf_counter() - start


def first_page() -> dict[str, float]:
    """Return bytes transferred and seconds to load, seen by a browser whose cache is empty."""
    chromium = shutil.which("chromium")
    if not chromium:
        return {}
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with started("-m", "assistant", "serve", "--port", "0") as line, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        weights: list[float] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
        start = time.perf_counter()
        page.goto(line.removeprefix("Open "), wait_until="networkidle")
        # networkidle waits half a second for nothing to happen, so the browser's own clock is asked.
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
        assert loaded <= time.perf_counter() - start
        browser.close()
    return {"first_page_bytes": sum(weights), "first_page_requests": len(weights), "first_page_s": round(loaded, 3)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    found = {
        "python_s": median(lambda: seconds_to_end("-c", "pass")),
        "help_s": median(lambda: seconds_to_end("-m", "assistant", "--help")),
        "bare_flask_ready_s": median(lambda: seconds_to_ready("-c", BARE_FLASK)),
        "ready_s": median(lambda: seconds_to_ready("-m", "assistant", "serve", "--port", "0")),
        **first_page(),
    }
    if options.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    for name, value in found.items():
        sys.stdout.write(f"{name:24} {value}\n")


if __name__ == "__main__":
    main()
