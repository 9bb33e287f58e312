"""Before you begin: the official forms first, one row a model, and all files at once."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.datastructures import MultiDict

from assistant.services.form_maps import forms
from tests.unit.made_agreements import Paper, contacts, signature_block
from tests.web.conftest import snapshot
from tests.web.made_up import add_agency, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

TFM, OLD_TFM = "moa-tfm-rev2025-03-07-flat.pdf", "moa-tfm-rev2025-02-12.pdf"
WSO = "moa-wso-rev2025-02-14.pdf"
ROW = re.compile(r'<span class="tasks__name"><b>[^<]+\((\w+)\)</b>.*?status--[a-z-]+">([^<]+)<', re.DOTALL)


def unknown_form() -> bytes:
    paper = Paper("underscores")
    contacts(paper, ("Reached by day", "Title"))
    signature_block(paper, ("Signature", "Name", "Date"))
    return paper.data()


def add(client: PageClient, *files: tuple[str, bytes], **values: str) -> TestResponse:
    data: MultiDict[str, Any] = MultiDict({"csrf_token": client.token(), "go": "keep", **values})
    data.setlist("form", [(io.BytesIO(content), name) for name, content in files])
    response = client.post("/forms/add", data=data)
    response.request.environ["wsgi.input"].close()
    return response


def rows_of(client: PageClient, address: str) -> dict[str, str]:
    return dict(ROW.findall(unescape(client.get(address).text)))


def test_each_model_says_whether_its_form_is_here(client: PageClient, parts: Parts, official_forms: Path) -> None:
    application = add_application(parts, parts.agency_id, replace(complete_answers(), models=("WSO",)))
    address = f"/applications/{application}/steps/before-you-begin"
    missing = rows_of(client, address)
    assert missing == {"WSO": "Missing", "JEM": "Missing", "TFM": "Missing", "TTFM": "Not published"}
    assert next(iter(missing)) == "WSO", "what is applied for comes first"
    files = [(name, (official_forms / name).read_bytes()) for name in (OLD_TFM, WSO)]
    answer = add(client, *files, application=str(application))
    assert answer.location.endswith(f"/applications/{application}/steps/before-you-begin?added=2")
    page = client.get(answer.location).text
    assert "2 forms are added." in page
    assert "You have 02/12/2025. This program knows a newer one: 03/07/2025" in page
    assert rows_of(client, address)["TFM"] == "Older than known"
    add(client, (TFM, (official_forms / TFM).read_bytes()), application=str(application))
    assert rows_of(client, address)["TFM"] == "Have it"


def test_hashes_stand_under_details(client: PageClient, parts: Parts, official_forms: Path) -> None:
    add(client, (WSO, (official_forms / WSO).read_bytes()))
    application = add_application(parts, parts.agency_id)
    for address in ("/forms/", f"/applications/{application}/steps/before-you-begin"):
        page = client.get(address).text
        before, _, after = page.partition("SHA-256 <code>")
        assert after
        assert before.rpartition("<details")[2].count("</details>") == 0


def test_an_unknown_form_leads_straight_into_its_map(client: PageClient, parts: Parts) -> None:
    answer = add(client, ("new.pdf", unknown_form()))
    assert answer.status_code == 302
    assert re.fullmatch(r"/forms/drafts/[0-9a-f-]{36}/\?saved=new", answer.location)
    assert "This program does not know this form yet" in client.get(answer.location).text
    with parts.reader() as session:
        assert list(forms.stored_forms(session)) == []


def test_each_of_several_files_is_told(client: PageClient, parts: Parts, official_forms: Path) -> None:
    application = str(add_application(parts, parts.agency_id))
    files = [
        ("a.pdf", (official_forms / WSO).read_bytes()), ("b.pdf", unknown_form()), ("<i>c.pdf", b"no PDF at all"),
    ]  # fmt: skip
    answer = add(client, *files, application=application)
    assert answer.status_code == 200
    page = unescape(answer.text)
    assert "Added: Memorandum of Agreement" in page
    assert re.search(r'href="/forms/drafts/[0-9a-f-]{36}/\?saved=new">Map this form', page)
    assert "<i>c.pdf" not in answer.text
    assert "Not added" in page
    assert f"/applications/{application}/steps/before-you-begin" in page
    with parts.reader() as session:
        assert len(forms.stored_forms(session)) == 1, "the good one is kept though another was refused"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "Choose a PDF file."),
        ([("a.pdf", b"")], "The file is empty. Choose a PDF file."),
        ([("a.pdf", b"x"), ("b.pdf", b"")], "b.pdf is empty."),
        ([(f"{n}.pdf", b"x") for n in range(13)], "Choose at most 12 files at a time."),
    ],
)
def test_what_cannot_be_taken_in_is_said(
    client: PageClient, parts: Parts, files: list[tuple[str, bytes]], sentence: str
) -> None:
    before = snapshot(parts)
    answer = add(client, *files)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert snapshot(parts) == before


def test_a_page_of_another_agency_is_no_way_back(client: PageClient, parts: Parts, official_forms: Path) -> None:
    other = add_application(parts, add_agency(parts))
    answer = add(client, (WSO, (official_forms / WSO).read_bytes()), application=str(other))
    assert answer.status_code == 404
