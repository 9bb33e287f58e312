"""Encounter reports: exactly the months of ICE's page, and a place to keep each file."""

from __future__ import annotations

import hashlib
import io
import re
from typing import TYPE_CHECKING

import pytest

from assistant.program.encounter_months import encounter_months
from assistant.services.published_lists.encounter_reports import months_without_report, report_months
from assistant.text import MONTHS
from tests.web.conftest import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

ADDRESS = "/lists/encounter-reports"
CSV = b"month,encounters\n2025-11,12\n"


def send(client: PageClient, data: bytes, month: str = "2025-11", name: str = "../No<v>.csv") -> TestResponse:
    values = {"csrf_token": client.token(), "month": month, "report": (io.BytesIO(data), name)}
    return client.post(ADDRESS, data=values)


def test_the_months_are_those_of_ices_page(shared: Path) -> None:
    page = (shared / "program-page" / "ice-287g-program-page-2026-01-28.txt").read_text()
    listed = page[page.index("Monthly 287(g) Encounter Reports") :]
    rows, heading = [], ""
    for line in listed.splitlines():
        if match := re.match(r"## .*(FY \d{4})", line):
            heading = match[1]
        elif match := re.match(r"- \[(\w+) (\d{4})\]", line):
            rows.append((f"{match[2]}-{MONTHS.index(match[1]) + 1:02}", heading))
    assert rows == [(row.month, row.heading) for row in encounter_months()]
    assert len(rows) == 27


def test_the_gap_is_told() -> None:
    gap = months_without_report()
    assert (gap[0], gap[-1], len(gap)) == ("2021-02", "2024-12", 47)


def test_a_report_is_kept_sent_replaced_and_removed(client: PageClient, parts: Parts) -> None:
    assert send(client, CSV).status_code == 302
    page = client.get(f"{ADDRESS}?kept=2025-11").text
    assert "The report of November 2025 is kept" in page
    assert hashlib.sha256(CSV).hexdigest()[:16] in page
    sent = client.get(f"{ADDRESS}/2025-11")
    assert sent.data == CSV
    assert sent.headers["Content-Disposition"] == 'attachment; filename=".._No_v_.csv"'
    send(client, CSV + b"x")
    with parts.reader() as session:
        (file,) = [row["file"] for row in report_months(session)["months"] if row["file"]]
    assert file["bytes"] == len(CSV) + 1
    assert client.send(f"{ADDRESS}/2025-11/remove").status_code == 302
    assert client.get(f"{ADDRESS}/2025-11").status_code == 404


@pytest.mark.parametrize(
    ("data", "month", "told"),
    [
        (CSV, "2024-06", "lists no report for this month"),
        (CSV, "", "lists no report for this month"),
        (b"", "2025-11", "file is empty"),
        (b"\x00\x01\x02\x03", "2025-11", "neither a PDF nor a spreadsheet"),
        (b"%PDF-1.7 broken", "2025-11", "PDF"),
    ],
)
def test_what_is_no_report_is_refused_and_nothing_changes(
    client: PageClient, parts: Parts, data: bytes, month: str, told: str
) -> None:
    before = snapshot(parts)
    answer = send(client, data, month)
    assert answer.status_code == 422
    assert told in answer.text
    assert (f'value="{month}" selected' in answer.text) == (month == "2025-11")
    assert snapshot(parts) == before
