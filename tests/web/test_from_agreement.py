"""A filled agreement as a beginning: told value by value, taken over where ticked, the file forgotten."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from assistant.answers import Answers, to_document, with_path
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary
from assistant.services.agreements import read_agreement
from assistant.services.application import applications
from tests.web.conftest import snapshot
from tests.web.made_up import complete_answers
from tests.web.pages import look_at

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

ADDRESS = "/applications/from-agreement/"


@pytest.fixture(scope="module")
def filled_form(official_forms: Path) -> bytes:
    data = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    return fill_form(FormLibrary([data]).choose("TFM", None), complete_answers()).data


def upload(client: PageClient, data: bytes, whose: str = "own") -> TestResponse:
    values = {"csrf_token": client.token(), "whose": whose, "agreement": (io.BytesIO(data), "CANARY.pdf")}
    response = client.post(ADDRESS, data=values)
    response.request.environ["wsgi.input"].close()
    return response


def shown(source: str) -> dict[str, list[str]]:
    """Return what the page's form would send."""
    values: dict[str, list[str]] = {}
    for attrs in look_at(source).named("input"):
        if attrs.get("type") != "checkbox" or "checked" in attrs:
            values.setdefault(str(attrs["name"]), []).append(attrs.get("value") or "")
    return values


def newest(parts: Parts) -> Answers:
    with parts.reader() as session:
        row = applications.list_for(session, parts.agency_id)[0]
        return applications.get(session, parts.agency_id, row.public_id).answers


def test_what_is_sure_is_ticked_and_taken_over(client: PageClient, parts: Parts, filled_form: bytes) -> None:
    before = snapshot(parts)
    page = upload(client, filled_form).text
    assert snapshot(parts) == before
    assert "CANARY" not in page
    assert "This is the form “Memorandum of Agreement, 287(g) Task Force Model, revised 02/12/2025”." in page
    assert "moa-tfm" not in page
    values = shown(page)
    assert values["models"] == ["TFM"]
    assert "agency.legal_name" in values["take"]
    assert not read_agreement.WORKED_OUT & set(values["take"])
    assert client.post(f"{ADDRESS}start", data=values).status_code == 302
    answers, whole = newest(parts), complete_answers()
    assert answers.agency.legal_name == whole.agency.legal_name
    assert answers.agency.address == whole.agency.address
    assert answers.program_contact == whole.program_contact
    assert (answers.agency.short_name, answers.agency.kind, answers.nominees) == (None, None, ())
    assert answers.models == ("TFM",)


def test_a_file_that_lost_its_form_is_told_as_that(client: PageClient, filled_form: bytes) -> None:
    sentence = "are filled, but the form they belong to is not in the file."
    assert sentence not in upload(client, filled_form).text
    with pikepdf.open(io.BytesIO(filled_form)) as pdf:
        del pdf.Root.AcroForm
        out = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # that is what the test is about
            pdf.save(out)
    page = upload(client, out.getvalue()).text
    assert sentence in page
    assert "take" not in shown(page), "nothing is offered as sure"


def test_a_title_that_stands_in_two_blanks_is_ticked(client: PageClient, official_forms: Path) -> None:
    data = (official_forms / "moa-wso-rev2025-02-14.pdf").read_bytes()
    answers = with_path(complete_answers(), "models", ["WSO"])
    values = shown(upload(client, fill_form(FormLibrary([data]).choose("WSO", None), answers).data).text)
    assert {"signatory.title", "agency.legal_name"} <= set(values["take"])


def row(path: str, text: str, sureness: str = "sure") -> dict[str, Any]:
    return {"path": path, "text": text, "page": 1, "sureness": sureness, "blank": ""}


@pytest.mark.parametrize(
    ("rows", "sure"),
    [
        ([row("agency.legal_name", "Pine County Sheriff")], True),
        (
            [row("agency.legal_name", "Pine County Sheriff (PCS)"), row("agency.legal_name", "Pine County Sheriff")],
            True,
        ),
        ([row("agency.legal_name", "Pine County Sheriff"), row("agency.legal_name", "PCS")], True),
        ([row("agency.legal_name", "Pine County Sheriff (PCS)")], False),
        ([row("agency.legal_name", "Pine County Sheriff"), row("agency.legal_name", "Maple County Sheriff")], False),
        ([row("agency.legal_name", "Pine County Sheriff", "likely")], False),
    ],
)
def test_a_value_is_sure_where_its_blanks_agree(
    monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], *, sure: bool
) -> None:
    answers = to_document(with_path(Answers(), "agency.legal_name", "Pine County Sheriff"))
    found = {
        "edition": "moa-tfm/2025-02-12",
        "exact": True,
        "values": rows,
        "answers": answers,
        "strips": [],
        "remark": "",
    }
    monkeypatch.setattr(read_agreement, "run_in_sandbox", lambda *_: found)
    (value,) = read_agreement.read(b"").values
    assert (value.text, value.sure) == ("Pine County Sheriff", sure)


def test_a_precedent_gives_its_model_alone(client: PageClient, parts: Parts, filled_form: bytes) -> None:
    values = shown(upload(client, filled_form, "other").text)
    assert "take" not in values
    values["take"] = ["ice.opla_location", "agency.kind"]
    values["text-ice.opla_location"] = ["Tampa"]
    client.post(f"{ADDRESS}start", data=values)
    answers = newest(parts)
    assert (answers.ice.opla_location, answers.agency.kind, answers.agency.legal_name) == ("Tampa", "county", None)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("agency.kind", "empire"),
        ("agency.legal_name", "a\x07b"),
        ("agency.legal_name", "x" * 50_000),
        ("signatory.title", "123-45-6789"),
    ],
)
def test_what_cannot_be_kept_is_shown_again(
    client: PageClient, parts: Parts, filled_form: bytes, path: str, text: str
) -> None:
    values = shown(upload(client, filled_form).text) | {f"text-{path}": [text], "take": [path, "signatory.title"]}
    before = snapshot(parts)
    response = client.post(f"{ADDRESS}start", data=values)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert f'href="#text-{path}"' in response.text or f'href="#take-{path}"' in response.text
    assert 'id="text-signatory.title"' in response.text
    assert snapshot(parts) == before


def test_only_what_an_agreement_can_tell_is_taken(client: PageClient, parts: Parts) -> None:
    forged = {
        "take": ["approvals.governing_body", "nominees", "agency.phone", "agency.represents"],
        "text-approvals.governing_body": "x", "text-nominees": "x", "text-agency.phone": "1",
        "text-agency.represents": "Example County", "models": ["TFM", "NONE", "WSO"],
    }  # fmt: skip
    assert client.send(f"{ADDRESS}start", **forged).status_code == 302
    answers = newest(parts)
    assert answers.agency.represents == "Example County"
    assert (answers.approvals.governing_body, answers.agency.phone, answers.models) == (None, None, ("TFM", "WSO"))


def test_without_its_token_nothing_starts(client: PageClient, parts: Parts, filled_form: bytes) -> None:
    values = shown(upload(client, filled_form).text) | {"csrf_token": ["x"], "text-signatory.title": ["Typed here"]}
    before = snapshot(parts)
    response = client.post(f"{ADDRESS}start", data=values)
    assert response.status_code == 400
    assert "Typed here" in response.text
    assert client.post(ADDRESS, data={"whose": "own"}).status_code == 400
    assert snapshot(parts) == before


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", b"PK\x03\x04"])
def test_what_is_no_agreement_is_refused_in_a_sentence(client: PageClient, data: bytes) -> None:
    response = upload(client, data)
    assert response.status_code == 422
    assert 'href="#agreement"' in response.text


def test_an_empty_form_and_an_unsaid_owner_are_refused(client: PageClient, filled_form: bytes) -> None:
    assert 'href="#whose-own"' in upload(client, filled_form, "").text


def test_an_empty_page_is_no_agreement(client: PageClient) -> None:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - for this file only

    kept = io.BytesIO()
    canvas = Canvas(kept)
    canvas.drawString(72, 700, "A letter about something else altogether.")
    canvas.save()
    response = upload(client, kept.getvalue())
    assert response.status_code == 422
    assert "does not recognize this file as a filled agreement" in response.text
