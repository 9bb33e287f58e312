"""A finished agreement from anywhere: looked at, told page by page, and forgotten."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary
from assistant.errors import PdfError
from assistant.services.agreements import agreement_check
from assistant.services.form_maps import forms
from tests.web.conftest import snapshot
from tests.web.made_up import complete_answers
from tests.web.test_lists import ROWS, book, load

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def upload(client: PageClient, data: bytes, name: str = "agreement.pdf") -> TestResponse:
    values = {"csrf_token": client.token(), "agreement": (io.BytesIO(data), name)}
    response = client.post("/check/", data=values)
    response.request.environ["wsgi.input"].close()  # the test client keeps a large one in a temporary file
    return response


@pytest.fixture(scope="module")
def filled_form(official_forms: Path) -> bytes:
    data = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    answers = with_path(complete_answers(), "public_information_contact.phone", None)
    answers = with_path(answers, "public_information_contact.email", None)
    return fill_form(FormLibrary([data]).choose("TFM", None), answers, draft=False).data


def test_what_is_found_is_told_with_page_and_source(client: PageClient, parts: Parts, filled_form: bytes) -> None:
    before = snapshot(parts)
    response = upload(client, filled_form, "CANARY <b>.pdf")
    page = response.text
    assert response.status_code == 200
    assert "Task Force Model (TFM)" in page
    assert "moa-tfm/2025-02-12" in page
    assert "pubinfo-no-contact" in page
    assert "p. 14" in page or "p. 1" in page
    assert "Source: " in page
    assert "The file was not stored" in page
    assert "could not judge the agreement" not in page
    assert "CANARY" not in page
    assert snapshot(parts) == before
    found = agreement_check.check(filled_form, today=parts.clock().date())
    for finding in found.findings:
        assert finding.code in page


def test_a_scan_is_unknown_not_empty(client: PageClient) -> None:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    kept = io.BytesIO()
    canvas = Canvas(kept)
    for _ in range(3):
        canvas.rect(72, 72, 400, 600)
        canvas.showPage()
    canvas.save()
    page = upload(client, kept.getvalue()).text
    assert "What could not be read" in page
    assert "Page 1 to 3: there is no text" in page
    assert "Unknown" in page
    assert "could not judge the agreement" in page
    assert "Nothing must be fixed" not in page
    assert "Too little of the file can be read to tell whether it is a 287(g) agreement." in page


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\x00" * 1000, b"PK\x03\x04"])
def test_what_cannot_be_read_is_refused_in_a_sentence(client: PageClient, data: bytes) -> None:
    response = upload(client, data)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert 'href="#agreement"' in response.text


def test_a_file_that_takes_too_long_is_refused(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise PdfError("The PDF takes too much time or memory to read.")

    monkeypatch.setattr("assistant.services.agreements.agreement_check.run_in_sandbox", slow)
    response = upload(client, b"%PDF-1.7")
    assert response.status_code == 422
    assert response.text.count("too much time") == 2


def test_too_large_a_file_is_refused_before_it_is_read(
    client: PageClient, monkeypatch: pytest.MonkeyPatch, parts: Parts
) -> None:
    object.__setattr__(parts.config, "upload_max_bytes", 2_000_000)
    monkeypatch.setattr("assistant.services.agreements.agreement_check.run_in_sandbox", None)
    response = upload(client, b"%PDF-1.7" + b" " * 2_500_000)
    assert response.status_code == 422
    assert "at most 2 MB" in response.text


def test_what_was_not_checked_is_said_with_the_reason(client: PageClient, filled_form: bytes) -> None:
    page = upload(client, filled_form).text
    assert "What was not checked" in page
    assert "This list from ICE is not loaded" in page
    assert "The blank form of this exact revision has not been added" in page
    assert "Compared with ICE’s list" not in page


def test_lists_and_kept_forms_are_asked(
    client: PageClient, parts: Parts, filled_form: bytes, official_forms: Path
) -> None:
    kept = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    with parts.writer() as session:
        forms.keep(session, kept, now=parts.clock())
        session.commit()
    state, name, kind, _, *rest = ROWS[0]
    assert load(client, book([[state, name, kind, "Example", *rest]])).status_code == 200
    page = upload(client, filled_form).text
    assert "Compared with ICE’s list of participating agencies as of January 15, 2026." in page
    assert "<code>model-pending</code>" in page
    assert "<code>model-already-held</code>" in page
    assert "The names are a 100% match." in page
    assert "<code>form-altered</code>" not in page
