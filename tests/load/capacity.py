"""Measure what one application costs, and work out what many agencies need.

    python tests/load/capacity.py [--applications N] [--nominees N] [--rounds N] [--database URL] [--json] [--forms DIR]

Fills a database with made-up applications (1,000 with 20 nominees each), asks each kind of page of several of them
through the program itself, without a server, and prints the median of processor time, of the statements that a page
sends to the database, and what an application and an exported bundle take in the database. The processor time of
children that draw pictures of pages counts. From that it works out hours and gigabytes for 400 and for 18,000 agencies,
with what one agency is assumed to do (``USES``).
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant.app import create_app  # noqa: E402 - the checkout's own code comes first
from assistant.config import Config  # noqa: E402 - as above
from assistant.errors import InputError  # noqa: E402 - as above
from assistant.services.application import applications  # noqa: E402 - as above
from assistant.services.form_maps import forms  # noqa: E402 - as above
from tests.load.bench_many_nominees import FORMS, made_up_answers  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flask.testing import FlaskClient

    from assistant.web.kit.context import Parts

BASE = "http://127.0.0.1/"
BATCH = 100
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(name|value|type)="([^"]*)"')

USES: Mapping[str, int] = {
    "list of applications": 60,
    "task list": 150,
    "page of questions": 200,
    "save": 120,
    "nominees": 40,
    "review": 30,
    "documents": 40,
    "preview of a document": 20,
    "picture of a page": 150,
    "export": 5,
}
"""What the people of one agency are assumed to ask for in a year, by the names of ``requests_of``: two applications,
each over some weeks by three people, with several looks at everything. Nobody was measured: change it to fit."""
SIGNED_PAGES = 60
"""Scanned pages that one agency has compared in a year: two agreements of 14 pages, each by both sides, some twice."""
SECONDS_A_PAGE = 0.5
"""Processor time of comparing one scanned page (README)."""
BUSY_DAY = 0.02
"""Of a year's use so much is assumed to fall on its busiest day, and a quarter of that day in one hour."""
BUSY_HOUR = 0.25
AGENCIES = {"a State": 400, "the nation": 18_000}
YEARLY_EXPORTS = 5


@dataclass(slots=True)
class Costs:
    """What was measured: processor time in milliseconds and statements of each page, and bytes in the database."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    application_bytes: int = 0
    export_bytes: int = 0


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--applications", type=int, default=1_000, help="how many applications")
    parser.add_argument("--nominees", type=int, default=20, help="how many nominees each has")
    parser.add_argument("--rounds", type=int, default=12, help="of how many applications each page is asked for")
    parser.add_argument("--database", default="", help="an SQLAlchemy address; by default SQLite in a new folder")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--forms", type=Path, default=FORMS, help="the folder of the blank forms")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as instance:
        config = Config(instance_dir=Path(instance), database_url=options.database)
        costs = measure(config, options)
    figures = {
        "pages": {
            name: {
                "milliseconds": round(statistics.median(costs.milliseconds[name]), 1),
                "statements": statistics.median(costs.statements[name]),
                "most_statements": max(costs.statements[name]),
            }
            for name in costs.milliseconds
        },
        "application_bytes": costs.application_bytes,
        "export_bytes": costs.export_bytes,
        "agencies": {name: needs(costs, count) for name, count in AGENCIES.items()},
    }
    sys.stdout.write(json.dumps(figures, indent=2) + "\n" if options.json else as_text(figures))


def measure(config: Config, options: argparse.Namespace) -> Costs:
    """Return what pages, applications and exports cost in a database of so many applications."""
    app = create_app(config)
    parts: Parts = app.extensions["assistant"]
    costs = Costs()
    keep_forms(parts, options.forms)
    empty = database_bytes(parts)
    ids = seed(parts, options.applications, options.nominees)
    costs.application_bytes = (database_bytes(parts) - empty) // max(len(ids), 1)
    before = database_bytes(parts)
    chosen = ids[:: max(1, len(ids) // options.rounds)][: options.rounds]
    measure_pages(app.test_client(), parts, chosen, costs)
    costs.export_bytes = (database_bytes(parts) - before) // max(len(costs.milliseconds["export"]), 1)
    parts.engine.dispose()
    return costs


def keep_forms(parts: Parts, folder: Path) -> None:
    """Store the blank forms of the folder that are known."""
    with parts.writer() as session:
        for file in sorted(folder.glob("moa-*.pdf")):
            try:
                forms.keep(session, file.read_bytes(), now=datetime.now(UTC))
            except InputError:
                continue
        session.commit()


def seed(parts: Parts, count: int, nominees: int) -> list[str]:
    """Return the ids of so many new applications of made-up agencies."""
    ids = []
    answers = made_up_answers(nominees)
    for start in range(0, count, BATCH):
        with parts.writer() as session:
            for _ in range(start, min(start + BATCH, count)):
                row = applications.create(session, parts.agency_id, now=datetime.now(UTC), answers=answers)
                ids.append(str(row.public_id))
            session.commit()
    return ids


def database_bytes(parts: Parts) -> int:
    """Return the size of the database."""
    with parts.engine.connect() as connection:
        if parts.engine.dialect.name == "sqlite":
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            return int(pages) * int(connection.execute(text("PRAGMA page_size")).scalar_one())
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def measure_pages(client: FlaskClient, parts: Parts, ids: Sequence[str], costs: Costs) -> None:
    """Ask for each kind of page of each of these applications, the first time uncounted: it loads what all share."""
    counter = [0]
    event.listen(parts.engine, "before_cursor_execute", lambda *_: counter.__setitem__(0, counter[0] + 1))
    for number, one in enumerate([ids[0], *ids]):
        for name, method, address, sent in requests_of(client, f"/applications/{one}"):
            counter[0], began = 0, processor_seconds()
            answer = client.open(address, method=method, data=sent or None, base_url=BASE)
            if answer.status_code >= 400:
                raise SystemExit(f"{name}: {answer.status}")
            answer.get_data()
            if number:
                costs.milliseconds[name].append(1000 * (processor_seconds() - began))
                costs.statements[name].append(counter[0])


def requests_of(client: FlaskClient, home: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield the requests that are measured: name, method, address and form."""
    yield "list of applications", "GET", "/", {}
    yield "task list", "GET", f"{home}/", {}
    yield "page of questions", "GET", f"{home}/steps/signatory", {}
    page = str(client.get(f"{home}/steps/signatory", base_url=BASE).text)
    values = {}
    for tag in _INPUT.findall(page):
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        if attributes.get("type") not in {"radio", "checkbox"} or " checked" in tag:
            values[attributes.get("name", "")] = attributes.get("value", "")
    values["signatory-title"] = f"Sheriff {time.monotonic_ns() % 100_000}"
    yield "save", "POST", f"{home}/steps/signatory", values
    yield "nominees", "GET", f"{home}/nominees/", {}
    yield "review", "GET", f"{home}/review/", {}
    yield "documents", "GET", f"{home}/documents/", {}
    documents = str(client.get(f"{home}/documents/", base_url=BASE).text)
    (agreement,) = set(re.findall(rf'href="({home}/documents/02-[^"]*tfm[^"]*\.pdf/)"', documents, re.IGNORECASE))
    yield "preview of a document", "GET", agreement, {}
    preview = str(client.get(agreement, base_url=BASE).text)
    yield "picture of a page", "GET", unescape(re.findall(r'<img[^>]* src="([^"]+)"', preview)[-1]), {}
    yield "export", "POST", f"{home}/exports/", {"csrf_token": values["csrf_token"]}


def processor_seconds() -> float:
    """Return the processor time of this process and of the children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def needs(costs: Costs, agencies: int) -> dict[str, Any]:
    """Return what so many agencies need in a year, and in the busiest hour."""
    pages = sum(count * statistics.median(costs.milliseconds[name]) / 1000 for name, count in USES.items())
    compared = SIGNED_PAGES * SECONDS_A_PAGE
    total = agencies * (pages + compared)
    hour = total * BUSY_DAY * BUSY_HOUR
    stored = agencies * (2 * costs.application_bytes + YEARLY_EXPORTS * costs.export_bytes)
    return {
        "agencies": agencies,
        "processor_hours_a_year": round(total / 3600, 1),
        "busiest_hour_cores": round(hour / 3600, 2),
        "busiest_hour_requests_a_second": round(agencies * sum(USES.values()) * BUSY_DAY * BUSY_HOUR / 3600, 1),
        "gigabytes_a_year": round(stored / 1e9, 1),
    }


def as_text(figures: dict[str, Any]) -> str:
    """Return the figures as text."""
    rows = [f"{'page':<26}{'processor':>12}{'statements':>12}{'most':>6}"]
    for name, row in figures["pages"].items():
        rows.append(f"{name:<26}{row['milliseconds']:>9.1f} ms{row['statements']:>12.0f}{row['most_statements']:>6}")
    rows.append(f"an application {figures['application_bytes']:,} bytes, an export {figures['export_bytes']:,} bytes")
    rows += [f"{name}: {row}" for name, row in figures["agencies"].items()]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
