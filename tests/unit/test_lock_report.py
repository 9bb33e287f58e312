"""The list of components is that of the locks, and an audit that could not be made never passes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]


def load() -> Any:
    spec = spec_from_file_location("lock_report", ROOT / ".ci" / "lock_report.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


report = load()


@contextmanager
def osv(answer: Callable[[Any], tuple[int, bytes]]) -> Iterator[tuple[str, list[Any]]]:
    """Serve in the place of OSV on this machine; yield the address and the questions."""
    questions: list[Any] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            questions.append(question)
            status, body = answer(question)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", questions
    finally:
        server.shutdown()
        server.server_close()


def clean(question: Any) -> tuple[int, bytes]:
    return 200, json.dumps({"results": [{} for _ in question["queries"]]}).encode()


def test_every_package_of_the_locks_is_a_component_and_no_other() -> None:
    document = report.make_sbom()
    names = {(one["name"], one["version"]) for one in document["components"]}
    locked = set()
    for lock in ("requirements.lock", "requirements-scan.lock"):
        text = (ROOT / lock).read_text("utf-8")
        locked |= set(re.findall(r"(?m)^([a-z0-9._-]+)==([^\s\\]+)", text))
    rows = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    npm = {(place.rpartition("node_modules/")[2], row["version"]) for place, row in rows.items() if place}
    assert names == locked | npm
    assert len(document["components"]) == len({one["bom-ref"] for one in document["components"]})


def test_it_has_what_cyclonedx_asks_for() -> None:
    document = report.make_sbom()
    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", document["serialNumber"])
    assert document["metadata"]["component"]["name"] == "moa-assistant"
    for one in document["components"]:
        assert one["purl"].startswith(("pkg:pypi/", "pkg:npm/"))
        assert one["properties"], "the hashes of the lock"
    flask = next(one for one in document["components"] if one["name"] == "flask")
    assert flask["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]


def test_the_same_locks_give_the_same_bytes_and_name_no_host(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / ".ci" / "lock_report.py"), "sbom", "--out"]
    for name in ("one.json", "two.json"):
        assert subprocess.run([*command, str(tmp_path / name)], check=False).returncode == 0
    one = (tmp_path / "one.json").read_text("utf-8")
    assert one == (tmp_path / "two.json").read_text("utf-8")
    assert "://" not in one


def test_an_audit_asks_for_every_package_and_passes_where_none_is_weak() -> None:
    with osv(clean) as (address, questions):
        status, lines = report.audit(ROOT, address)
    assert status == 0
    asked = [(query["package"]["ecosystem"], query["package"]["name"]) for query in questions[0]["queries"]]
    assert {("PyPI", "flask"), ("PyPI", "opencv-python-headless"), ("PyPI", "pytest"), ("npm", "@uswds/uswds")} <= set(
        asked
    )
    assert lines == [f"No known weakness in {len(asked)} packages."]


def test_a_weak_package_is_named() -> None:
    def weak(question: Any) -> tuple[int, bytes]:
        results = [
            {"vulns": [{"id": "GHSA-made-up"}]} if query["package"]["name"] == "flask" else {}
            for query in question["queries"]
        ]
        return 200, json.dumps({"results": results}).encode()

    with osv(weak) as (address, _):
        status, lines = report.audit(ROOT, address)
    assert status == 1
    assert re.fullmatch(r"flask \S+ \(PyPI\): GHSA-made-up", lines[0])


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: (500, b"{}"),
        lambda _: (200, b"<html>"),
        lambda _: (200, b"[]"),
        lambda _: (200, b'{"results": []}'),
        lambda _: (200, b'{"results": null}'),
        lambda question: (200, json.dumps({"results": [None for _ in question["queries"]]}).encode()),
    ],
)
def test_an_odd_answer_is_not_run_and_never_a_pass(answer: Callable[[Any], tuple[int, bytes]]) -> None:
    with osv(answer) as (address, _):
        status, lines = report.audit(ROOT, address)
    assert status == 75
    assert lines[0].startswith("not run: ")


def test_where_nobody_answers_it_is_not_run() -> None:
    with osv(clean) as (address, _):
        pass
    status, lines = report.audit(ROOT, address)
    assert (status, lines[0].split(":")[0]) == (75, "not run")


def test_another_address_than_a_safe_one_is_not_asked() -> None:
    assert report.audit(ROOT, "http://example.org/")[0] == 75


def test_ci_says_what_the_audit_said() -> None:
    text = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "lock_report.py audit" in text
