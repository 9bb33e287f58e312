"""Ask a real server for some thousand pages of every kind, and print how much memory it holds after every 500.

    python tests/load/soak.py [--requests N] [--seconds N] [--clients N] [--json] [--forms DIR]

It starts `moa serve` in a folder of its own, starts applications of made-up agencies and a draft map, keeps the
official forms where they are at hand, and sends requests over a few connections in a fixed mixed order: pages, previews
of documents as pictures, pages of a form that is mapped, saves, exports with their downloads, lists of applications and
forms, and checks of a finished agreement. A browser's cache is not played: every picture is asked for anew.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS = ROOT.parent / "shared" / "official-forms"
REQUESTS, SECONDS, CLIENTS, EVERY = 10_000, 3_600, 4, 500
APPLICATIONS = 12
SEED = 287
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(name|value|type)="([^"]*)"')
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Memory of the server, its children not counted, after so many requests."""

    requests: int
    seconds: int
    resident_mb: float


@dataclass(kw_only=True)
class Run:
    """What all clients share: how many requests were sent, what came back, what the server held."""

    port: int
    pid: int
    most: int
    until: float
    began: float = field(default_factory=time.monotonic)
    sent: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    readings: list[Reading] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def over(self) -> bool:
        """Say whether enough was asked."""
        return self.sent >= self.most or time.monotonic() > self.until

    def count(self, kind: str, status: int) -> None:
        """Count a request, and take a reading after every so many."""
        with self.lock:
            self.sent += 1
            self.kinds[kind] += 1
            self.statuses[f"{kind} {status}"] += 1
            if self.sent % EVERY == 0:
                self.read()

    def read(self) -> None:
        """Take a reading."""
        taken = round(time.monotonic() - self.began)
        self.readings.append(Reading(requests=self.sent, seconds=taken, resident_mb=resident_mb(self.pid)))
        last = self.readings[-1]
        sys.stderr.write(f"{last.requests:>6} requests  {last.seconds:>5} s  {last.resident_mb:7.1f} MB\n")


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB, as Linux tells it."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1000


class Client(threading.Thread):
    """A browser on one kept connection, which asks for one thing after another."""

    def __init__(self, run: Run, seed: int, places: dict[str, Any], finished: bytes) -> None:
        """Choose the order by the seed."""
        super().__init__(daemon=True)
        self._run, self._places, self._finished = run, places, finished
        self._order = random.Random(seed)  # noqa: S311 - an order, no secret
        self._connection = http.client.HTTPConnection("127.0.0.1", run.port, timeout=300)
        self._cookie = ""

    def run(self) -> None:
        """Ask until enough was asked."""
        weighted: list[tuple[int, Callable[[], None]]] = [
            (22, self._preview), (14, self._mapped), (20, self._page), (14, self._save), (3, self._export),
            (12, self._list), (3, self._check), (2, self._trial),
        ]  # fmt: skip
        while not self._run.over():
            (chosen,) = self._order.choices([do for _, do in weighted], [weight for weight, _ in weighted])
            chosen()

    def _ask(self, kind: str, address: str, body: bytes | None = None, mime: str = "") -> tuple[int, bytes, str]:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body is not None:
            headers |= {"Content-Type": mime, "Origin": f"http://127.0.0.1:{self._run.port}"}
            headers |= {"Referer": f"http://127.0.0.1:{self._run.port}{address}"}
        try:
            self._connection.request("GET" if body is None else "POST", address, body, headers)
            answer = self._connection.getresponse()
            data = answer.read()
        except (http.client.HTTPException, OSError):
            self._connection.close()
            self._run.count(kind, 0)
            return 0, b"", ""
        if cookie := answer.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        self._run.count(kind, answer.status)
        return answer.status, data, answer.getheader("Location") or ""

    def _one(self, kind: str) -> str:
        return str(self._order.choice(self._places[kind]))

    def _preview(self) -> None:
        home = self._one("applications")
        name = self._order.choice(self._places["documents"])
        _, data, _ = self._ask("preview", f"{home}/documents/{name}/")
        for address in re.findall(r'<img src="([^"]+\.png)"', data.decode())[:3]:
            self._ask("picture", unescape(address))

    def _mapped(self) -> None:
        home, number = self._places["draft"], self._order.randint(1, self._places["draft_pages"])
        self._ask("mapping page", f"{home}pages/{number}")
        self._ask("mapping picture", f"{home}pages/{number}.png")

    def _trial(self) -> None:
        sample = self._order.choice(("usual", "long", "short"))
        self._ask("trial", f"{self._places['draft']}trial/{sample}/")
        self._ask("trial picture", f"{self._places['draft']}trial/{sample}/page-{self._order.randint(1, 5)}.png")

    def _page(self) -> None:
        step = self._order.choice(("", "/steps/agency", "/steps/signatory", "/review/", "/documents/", "/nominees/"))
        self._ask("page", f"{self._one('applications')}{step or '/'}")

    def _list(self) -> None:
        self._ask("list", self._order.choice(("/", "/forms/", "/forms/drafts/", "/program/", "/forms/add", "/check/")))

    def _save(self) -> None:
        address = f"{self._one('applications')}/steps/signatory"
        _, data, _ = self._ask("page", address)
        values = {}
        for tag in _INPUT.findall(data.decode()):
            found = dict(_ATTRIBUTE.findall(tag))
            if "name" in found and (found.get("type") not in {"radio", "checkbox"} or " checked" in tag):
                values[found["name"]] = unescape(found.get("value", ""))
        values["signatory-title"] = f"Sheriff {self._order.randint(1, 99)}"
        self._ask("save", address, urlencode(values).encode(), "application/x-www-form-urlencoded")

    def _export(self) -> None:
        home = self._one("applications")
        _, data, _ = self._ask("page", f"{home}/documents/")
        if token := _TOKEN.search(data.decode()):
            body = urlencode({"csrf_token": token[1]}).encode()
            _, _, where = self._ask("export", f"{home}/exports/", body, "application/x-www-form-urlencoded")
            if where:
                self._ask("bundle", f"{urlsplit(where).path}bundle.zip")

    def _check(self) -> None:
        _, data, _ = self._ask("list", "/check/")
        if token := _TOKEN.search(data.decode()):
            body, mime = multipart({"csrf_token": token[1]}, "agreement", self._finished)
            self._ask("check", "/check/", body, mime)


def multipart(values: dict[str, str], name: str, data: bytes) -> tuple[bytes, str]:
    """Return a form with one file, as a browser sends it, and its kind."""
    edge = "----------soak287"
    start = f"--{edge}\r\nContent-Disposition: form-data; "
    parts = [f'{start}name="{n}"\r\n\r\n{value}\r\n'.encode() for n, value in values.items()]
    head = f'{start}name="{name}"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    parts.append(head.encode() + data + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def seed(home: Path, forms_dir: Path) -> dict[str, Any]:
    """Make applications, kept forms and a draft map in the instance, and return where they are."""
    from assistant.answers import parse  # noqa: PLC0415 - the instance is chosen before anything is loaded
    from assistant.app import create_app  # noqa: PLC0415 - as above
    from assistant.config import Config  # noqa: PLC0415 - as above
    from assistant.errors import InputError  # noqa: PLC0415 - as above
    from assistant.services.application import applications  # noqa: PLC0415 - as above
    from assistant.services.form_maps import form_drafts, forms  # noqa: PLC0415 - as above
    from assistant.services.form_maps.edition_drafts import propose_draft  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    parts = create_app(Config(instance_dir=home)).extensions["assistant"]
    answers = parse((files("assistant.program") / "data" / "made-up-agency.json").read_bytes())
    with parts.writer() as session:
        for file in sorted(forms_dir.glob("*.pdf")) if forms_dir.is_dir() else ():
            try:
                forms.keep(session, file.read_bytes(), now=now)
            except InputError:
                continue
        made = []
        for number in range(APPLICATIONS):
            one = answers.nominees[0]
            people = tuple(replace(one, full_name=f"Nominee {n}", badge_number=str(n)) for n in range(5))
            agency = replace(answers.agency, legal_name=f"Example County {number} Sheriff’s Office")
            whole = replace(answers, agency=agency, nominees=people)
            row = applications.create(session, parts.agency_id, now=now, answers=whole)
            made.append(f"/applications/{row.public_id}")
        form = unknown_form()
        draft = form_drafts.start(session, parts.agency_id, form, propose_draft(form, forms.library(session)), now=now)
        place = f"/forms/drafts/{draft.public_id}/"
        session.commit()
    parts.engine.dispose()
    return {"applications": made, "draft": place, "draft_pages": 5}


def unknown_form() -> bytes:
    """Return a made-up form of five pages with lines to write on."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - as above

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for page in range(5):
        title = "MEMORANDUM OF AGREEMENT 287(g) Task Force Model"
        canvas.drawString(72, 740, f"Page {page + 1}" if page else title)
        for n in range(24):
            canvas.drawString(72, 700 - 24 * n, f"{n}. What the agency promises in the paragraph of this number:")
        canvas.drawString(72, 90, "Name of the agency: ______________________________")
        canvas.drawString(300, 40, "Rev. 01/05/2026")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def finished_agreement(port: int, home: str) -> tuple[bytes, list[str]]:
    """Return an agreement out of a bundle, to be checked, and the names of the documents."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", f"{home}/documents/")
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), (answer.getheader("Set-Cookie") or "").partition(";")[0]
    names = sorted({unescape(n) for n in re.findall(r"/documents/([^/\"]+\.pdf)/", page)})
    token = _TOKEN.search(page)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    headers["Referer"] = f"http://127.0.0.1:{port}{home}/documents/"
    connection.request("POST", f"{home}/exports/", urlencode({"csrf_token": token[1] if token else ""}), headers)
    answer = connection.getresponse()
    answer.read()
    where = urlsplit(answer.getheader("Location") or "").path
    if not where:
        message = f"the first export failed with status {answer.status}"
        raise SystemExit(message)
    connection.request("GET", f"{where}bundle.zip", headers={"Cookie": cookie})
    with zipfile.ZipFile(io.BytesIO(connection.getresponse().read())) as packed:
        agreement = next(n for n in packed.namelist() if n.endswith(".pdf"))
        moa = [n for n in packed.namelist() if "-moa-" in n and n.endswith(".pdf")]
        return packed.read(moa[0] if moa else agreement), names


def soak(requests: int, seconds: int, clients: int, forms_dir: Path) -> Run:
    """Start a server, ask it, stop it, and return what was seen."""
    with tempfile.TemporaryDirectory(prefix="moa-soak-") as folder:
        home = Path(folder) / "instance"
        os.environ |= {"ASSISTANT_INSTANCE_DIR": str(home), "ASSISTANT_START_TOKEN": "0"}
        places = seed(home, forms_dir)
        command = [sys.executable, "-m", "assistant", "serve", "--port", "0"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            assert server.stdout
            port = int(server.stdout.readline().rpartition(":")[2])
            finished, places["documents"] = finished_agreement(port, places["applications"][0])
            run = Run(port=port, pid=server.pid, most=requests, until=time.monotonic() + seconds)
            run.read()
            threads = [Client(run, SEED + n, places, finished) for n in range(clients)]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
            run.read()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
    return run


def main() -> None:
    """Run the soak."""
    parser = argparse.ArgumentParser(description="Ask a server for some thousand pages and print its memory.")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="stop after so many requests")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="stop after so long in any case")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="connections that ask at a time")
    parser.add_argument("--forms", type=Path, default=FORMS, help="the folder of the official forms")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    run = soak(options.requests, options.seconds, options.clients, options.forms)
    most = max(reading.resident_mb for reading in run.readings)
    if options.json:
        rows = [[r.requests, r.seconds, r.resident_mb] for r in run.readings]
        told = {"requests": run.sent, "most_mb": most, "statuses": dict(sorted(run.statuses.items())), "readings": rows}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    sys.stdout.write(f"{run.sent} requests, {most:.0f} MB at most, {run.readings[-1].resident_mb:.0f} MB at the end\n")
    sys.stdout.write("".join(f"  {kind:<20} {count}\n" for kind, count in sorted(run.statuses.items())))


if __name__ == "__main__":
    main()
