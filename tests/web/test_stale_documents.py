"""Pages and exports follow what they depend on: the answers, the PDF of a form, its map, the known editions."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from assistant.answers import dump, with_path
from assistant.editions.catalog import local_editions_dir
from assistant.pdf.form.template import compile_template
from assistant.services.application import applications
from assistant.services.form_maps import form_drafts
from tests.unit.made_letters import letter_pdf
from tests.web.made_up import complete_answers
from tests.web.test_mapping import number_of, opened, typed
from tests.web.test_official_letter import NAME, keep

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

LETTER = "letter-of-interest/2026-01-05"
AGENCY, COUNTY = "Example County Sheriff’s Office", "Pasco"


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def agency_in(data: bytes) -> str:
    """Return what a filled letter says in its blank for the agency."""
    return compile_template(data).fields["agency"].value


def exported(client: PageClient, filled: str) -> str:
    """Export the bundle; return what its letter says for the agency."""
    result = str(client.send(f"{filled}exports/").location)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{result}bundle.zip").data))
    return agency_in(archive.read(next(name for name in archive.namelist() if name.endswith(NAME))))


def test_a_letter_whose_map_was_corrected_is_shown_and_exported_as_corrected(
    client: PageClient, parts: Parts, filled: str
) -> None:
    keep(client, letter_pdf(fields=True))
    assert agency_in(client.get(f"{filled}documents/{NAME}/file").data) == AGENCY
    assert exported(client, filled) == AGENCY
    assert client.send(f"/forms/editions/{LETTER}/unregister").status_code == 302
    with parts.reader() as session:
        (row,) = form_drafts.drafts_of(session, parts.agency_id)
    address = f"/forms/drafts/{row.public_id}/"
    number = number_of(opened(parts, address), "agency")
    values = typed(client.get(f"{address}pages/1").text) | {f"meaning-{number}": "agency.county"}
    assert client.post(f"{address}pages/1", data=values).status_code == 302
    kept = client.post(f"{address}keep", data=typed(client.get(f"{address}keep").text) | {"looked": "yes"})
    assert kept.status_code == 302, kept.text

    assert agency_in(client.get(f"{filled}documents/{NAME}/file").data) == COUNTY
    preview = client.get(f"{filled}documents/{NAME}/").text
    assert COUNTY in preview
    assert exported(client, filled) == COUNTY


def test_a_map_that_was_corrected_in_its_file_is_followed_too(client: PageClient, filled: str) -> None:
    keep(client, letter_pdf(fields=True))
    assert agency_in(client.get(f"{filled}documents/{NAME}/file").data) == AGENCY
    file = local_editions_dir() / LETTER / "edition.toml"
    text = file.read_text("utf-8")
    assert text.count("agency.legal_name") == 1
    file.write_text(text.replace("agency.legal_name", "agency.represents"), "utf-8")
    assert agency_in(client.get(f"{filled}documents/{NAME}/file").data) == "Example County, Florida"
    assert exported(client, filled) == "Example County, Florida"


def test_the_size_beside_an_answer_follows_the_map(client: PageClient, filled: str) -> None:
    keep(client, letter_pdf(fields=True))
    assert "Letter of Interest" in client.get(f"{filled}steps/agency").text
    file = local_editions_dir() / LETTER / "edition.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("agency.legal_name", "agency.county"), "utf-8")
    page = client.get(f"{filled}steps/agency").text
    row = page[page.index('name="agency-county"') :]
    assert "Letter of Interest" in row


def test_a_form_whose_edition_is_gone_is_used_no_more(client: PageClient, filled: str) -> None:
    keep(client, letter_pdf(fields=True))
    assert "Letter of Interest, ICE’s form" in client.get(f"{filled}documents/").text
    file = local_editions_dir() / LETTER / "edition.toml"
    text = file.read_text("utf-8")
    file.unlink()
    assert "Letter of interest, the agency’s own" in client.get(f"{filled}documents/").text
    file.write_text(text, "utf-8")
    assert "Letter of Interest, ICE’s form" in client.get(f"{filled}documents/").text


def test_answers_that_were_restored_under_the_same_version_are_shown(
    client: PageClient, parts: Parts, filled: str
) -> None:
    assert AGENCY in client.get(f"{filled}documents/{NAME}/").text
    assert AGENCY in client.get(f"{filled}review/").text
    answers = with_path(complete_answers(), "agency.legal_name", "Sample Village Police Department")
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        application.document = dump(answers)
        application.title = "Sample Village Police Department"
        session.commit()
    for page in (f"documents/{NAME}/", "review/"):
        shown = client.get(f"{filled}{page}").text
        assert "Sample Village Police Department" in shown
        assert AGENCY not in shown


def test_nothing_is_made_twice_while_nothing_changes(
    client: PageClient, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"{filled}documents/")

    def make_again(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("assistant.web.application.bundle_preview.make_planned", make_again)
    monkeypatch.setattr("assistant.services.application.review.check", make_again)
    assert client.get(f"{filled}documents/{NAME}/").status_code == 200
    assert client.get(f"{filled}review/").status_code == 200
