"""Practice: a made-up agency that is marked on every page and file, and from which nothing can be sent."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import select

from assistant.errors import PracticeError
from assistant.pdf.viewer.read_back import DrawnPages
from assistant.services.after_export import copy_store, ledger
from assistant.services.after_export.copy_files import CopyFile
from assistant.services.after_export.sending import make_package
from assistant.services.application import applications, export_log, hand_over
from assistant.services.application.make_bundle import make
from assistant.services.application.practice import REFUSAL
from assistant.services.form_maps.forms import keep, library
from assistant.storage.after_export_tables import MessageRow
from tests.storage.test_ledger import message
from tests.web.made_up import NOW, add_application
from tests.web.test_before_you_begin import TFM, add
from tests.web.test_scope import OWNED

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

LINE = "Practice with a made-up agency."
REFUSED = {
    "applications.answers_file", "hand_over.show", "hand_over.choose", "since_export.show", "status.show",
    "nominee_changes.show", "approval.show", "comments.show",
}  # fmt: skip
REFUSED_PARTS = {"signed_copies", "signed_pages", "sending", "messages", "reply_desk", "papers"}


@pytest.fixture
def practice(client: PageClient) -> str:
    return str(client.send("/practice").location)


def id_of(address: str) -> UUID:
    return UUID(address.split("/")[2])


def test_one_click_starts_it_and_the_first_page_names_it(client: PageClient, practice: str) -> None:
    assert 'action="/practice"' in client.get("/").text
    assert " (practice)</a>" in client.get("/").text
    assert LINE not in client.get("/").text
    assert LINE in client.get(practice).text


def test_every_page_of_it_says_so_and_no_page_of_another_does(
    app: Flask, client: PageClient, parts: Parts, practice: str, filled: str
) -> None:
    export_id = client.send(f"{practice}exports/").location.rstrip("/").rpartition("/")[2]
    client.send(f"{filled}exports/")
    with parts.reader() as session:
        nominee_id = applications.get(session, parts.agency_id, id_of(practice)).nominee_ids[0]
    pages = 0
    for endpoint, more in OWNED.items():
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        if "GET" not in (rule.methods or ()):
            continue
        values = {**more, "application_id": id_of(practice)}
        values |= {n: v for n, v in (("nominee_id", nominee_id), ("export_id", export_id)) if n in values}
        built = rule.build(values)
        assert built
        response = client.get(built[1])
        if endpoint in REFUSED or endpoint.partition(".")[0] in REFUSED_PARTS:
            # Of a copy or a message there can be none, so some say that there is none.
            assert response.status_code in {422, 404}, endpoint
            assert REFUSAL in response.text or "theirs" in more.values(), endpoint
        else:
            assert response.status_code in {200, 302, 404}, endpoint
        if response.mimetype == "text/html" and response.status_code not in {302, 404}:
            pages += 1
            assert LINE in response.text, endpoint
    assert pages > 25
    assert LINE not in client.get(filled).text
    assert LINE not in client.get(f"{filled}documents/").text


def test_every_page_of_every_exported_file_is_a_draft_and_so_is_a_copy(
    client: PageClient, parts: Parts, official_forms: Path, practice: str
) -> None:
    with parts.writer() as session:
        keep(session, (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), now=NOW)
        keep(session, (official_forms / "moa-wso-rev2025-02-14.pdf").read_bytes(), now=NOW)
        session.commit()
    copy = str(client.send(f"{practice}copy").location)
    assert "Fix the" not in client.get(practice).text
    for address in (practice, copy):
        assert LINE in client.get(address).text
        exported = client.send(f"{address}exports/").location
        bundle = zipfile.ZipFile(io.BytesIO(client.get(f"{exported}bundle.zip").data))
        drafts = 0
        for name in bundle.namelist():
            data = bundle.read(name)
            if name.endswith(".pdf"):
                with DrawnPages(data) as pages:
                    for number in range(len(pages)):
                        drafts += 1
                        assert "DRAFT" in pages.text(number), (name, number)
            elif name.endswith(".xlsx"):
                sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
                assert sheet.title == "Nominees DRAFT"
                assert sheet.oddHeader is not None
                assert sheet.oddHeader.right is not None
                assert sheet.oddHeader.right.text == "DRAFT"
            elif name.endswith("manifest.json"):
                assert json.loads(data)["draft"] is True
            elif name.endswith((".txt", ".eml")):
                assert b"DRAFT" in data.upper(), name
        assert drafts > 10
        with parts.reader() as session:
            row = applications.get(session, parts.agency_id, id_of(address))
            assert [one.draft for one in export_log.exports_of(session, row)] == [True]


def test_nothing_of_it_is_sent_recorded_or_exported_unmarked_below_the_pages(parts: Parts) -> None:
    other_id = add_application(parts, parts.agency_id)
    with parts.writer() as session:
        practice = applications.start_practice(session, parts.agency_id, now=NOW)
        other = applications.get(session, parts.agency_id, other_id)
        final = make(practice.answers, library(session), today=NOW.date(), draft=False)
        scan = CopyFile(name="scan.pdf", data=b"%PDF-1.7", pages=1)
        for refuse in (
            lambda one: export_log.record_export(session, one, final, now=NOW),
            lambda one: ledger.add_message(session, one, message(), now=NOW),
            lambda one: ledger.mark_sent(session, one, day=NOW.date(), to="x@example.gov", attachments=[], now=NOW),
            lambda one: copy_store.add_copies(session, one, [scan], side="agency", now=NOW),
            lambda one: make_package(session, parts.agency_id, one, today=NOW.date()),
            lambda one: hand_over.hand_over(session, one, "whole", "", now=NOW),
        ):
            with pytest.raises(PracticeError):
                refuse(practice)
        assert not export_log.record_export(session, other, final, now=NOW).draft
        line = ledger.add_message(session, other, message(), now=NOW).line
        row = session.scalars(select(MessageRow).where(MessageRow.public_id == line.public_id)).one()
        row.facts = json.dumps({**json.loads(row.facts), "elsewhere": [str(practice.public_id)]})
        with pytest.raises(PracticeError):
            ledger.place_line(session, other, line.public_id, practice.public_id, now=NOW)


def test_one_click_ends_it_and_only_it(client: PageClient, practice: str, filled: str) -> None:
    page = html.unescape(client.get(f"{practice}steps/agency").text)
    end = re.search(r'action="([^"]+end-practice)"', page)
    assert end
    assert client.send(end[1]).location == "/?deleted=1"
    assert client.get(practice).status_code == 404
    assert client.send(f"{filled}end-practice").status_code == 404
    assert client.get(filled).status_code == 200


def test_its_home_card_and_task_list_agree_after_an_export(client: PageClient, practice: str) -> None:
    client.send(f"{practice}exports/")
    for address in ("/", practice):
        assert "12 of 13 steps completed" in client.get(address).text


def test_the_first_page_of_practice_goes_on_and_takes_forms(
    client: PageClient, practice: str, official_forms: Path
) -> None:
    at = practice.split("/")[2]
    values = {"csrf_token": client.token(), "application": at}
    assert client.post("/forms/add", data={**values, "go": "on"}).location.endswith("/steps/agency")
    answer = add(client, (TFM, (official_forms / TFM).read_bytes()), application=at, go="on")
    assert answer.location.endswith("/steps/agency?added=1")
