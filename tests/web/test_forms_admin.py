"""The blank official forms: kept when known, looked at when not, refused in a sentence."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from assistant.services.form_maps import forms

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def upload(client: PageClient, data: bytes, go: str = "keep", name: str = "form.pdf") -> TestResponse:
    return client.post("/forms/add", data={"csrf_token": client.token(), "go": go, "form": (io.BytesIO(data), name)})


def test_a_form_is_kept_listed_and_removed(client: PageClient, parts: Parts, official_forms: Path) -> None:
    data = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    for _ in range(2):
        assert upload(client, data).status_code == 302
    page = client.get("/forms/").text
    assert "Kept (1)" in page
    assert "02/12/2025" in page
    with parts.reader() as session:
        form_id = forms.stored_forms(session)[0].sha256
    assert "Remove moa-tfm" in client.get(f"/forms/{form_id}/remove").text
    assert client.send(f"/forms/{form_id}/remove").status_code == 302
    assert "Kept (0)" in client.get("/forms/").text
    assert client.get(f"/forms/{form_id}/remove").status_code == 404


def test_what_a_newer_form_changed_is_shown_when_it_is_added(client: PageClient, official_forms: Path) -> None:
    old = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    page = client.get(str(upload(client, old).location)).text
    assert "What changed" not in page
    new = (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    page = client.get(str(upload(client, new).location)).text
    assert "Beside moa-tfm/2025-02-12: 7 new" in page
    address = next(line for line in page.split('"') if line.endswith("/changes"))
    shown = client.get(address).text
    assert "what changed from moa-tfm/2025-02-12" in shown
    assert "From 57 pt wide to 179 pt." in shown
    assert client.get(address.replace("/forms/", "/forms/0")).status_code == 404


def test_a_form_is_looked_at_without_being_kept(client: PageClient, official_forms: Path) -> None:
    response = upload(client, (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), "inspect")
    assert "moa-tfm/2025-02-12" in response.text
    assert "both the agency’s and ICE’s side" in response.text
    assert "Kept (0)" in client.get("/forms/").text


@pytest.mark.parametrize("go", ["keep", "inspect"])
@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\x00" * 1000, b"PK\x03\x04"])
def test_what_is_no_pdf_is_refused_in_a_sentence(client: PageClient, data: bytes, go: str) -> None:
    response = upload(client, data, go)
    assert response.status_code == 422
    assert "There is a problem" in response.text


@pytest.mark.parametrize("name", ["../../x.pdf", "<script>.pdf", "a\r\nb.pdf", "x" * 300 + ".pdf"])
def test_the_name_of_an_upload_counts_for_nothing(client: PageClient, name: str) -> None:
    assert upload(client, b"no PDF", name=name).status_code == 422


@pytest.mark.parametrize("form_id", ["0" * 64, "x", "..", "0" * 5, "%27"])
def test_a_form_that_is_not_there_is_not_found(client: PageClient, form_id: str) -> None:
    assert client.get(f"/forms/{form_id}/remove").status_code == 404
