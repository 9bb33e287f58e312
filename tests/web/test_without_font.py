"""A wheel made without fonts: Western letters are written, others refused with what to do, and nothing breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import from_document, to_document
from assistant.documents import fonts
from assistant.errors import FillError
from assistant.pdf.form import embedded_font
from assistant.services.form_maps import forms
from assistant.web.application import bundle_preview
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

FIELDS = {"TFM": "moa-tfm-rev2025-02-12.pdf", "WSO": "moa-wso-rev2025-02-14.pdf"}
LINES = {"TFM": "moa-tfm-rev2025-03-07-flat.pdf", "JEM": "moa-jem-rev2025-02-15-flat.pdf"}


@pytest.fixture(autouse=True)
def no_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("assistant.config.assets_dir", lambda: None)
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget() -> None:
    for kept in (fonts.faces, fonts._printable_text, fonts._printable, embedded_font.fallback):
        kept.cache_clear()
    bundle_preview.forget()


def keep(parts: Parts, official_forms: Path, files: dict[str, str]) -> None:
    with parts.writer() as session:
        for file in files.values():
            forms.keep(session, (official_forms / file).read_bytes(), now=NOW)
        session.commit()


def named(parts: Parts, letters: str, models: list[str]) -> str:
    """Return the address of an application whose names have these letters."""
    document: dict[str, Any] = {**to_document(complete_answers()), "models": models, "nominees": []}
    document["agency"]["legal_name"] = f"Elk County Sheriff{letters}"
    for group in ("signatory", "program_contact"):
        document[group]["full_name"] += letters
    return f"/applications/{add_application(parts, parts.agency_id, from_document(document))}/"


@pytest.mark.parametrize("files", [FIELDS, LINES], ids=["fields", "lines"])
def test_western_letters_are_written(
    client: PageClient, parts: Parts, official_forms: Path, files: dict[str, str]
) -> None:
    keep(parts, official_forms, files)
    address = named(parts, " ’ñ–é", list(files))
    page = client.get(f"{address}documents/").text
    assert "02-moa-tfm.pdf" in page
    assert "DRAFT" not in page
    assert client.send(f"{address}exports/").status_code == 302


@pytest.mark.parametrize("files", [FIELDS, LINES], ids=["fields", "lines"])
def test_other_letters_make_a_draft_and_the_review_says_what_to_do(
    client: PageClient, parts: Parts, official_forms: Path, files: dict[str, str]
) -> None:
    keep(parts, official_forms, files)
    # The form's own font has ł, the documents' have not.
    address = named(parts, " łễ", list(files))
    review = client.get(f"{address}review/").text
    assert "The font for them is missing on this computer" in review
    assert "bootstrap.py" not in review, "a page names no command"
    assert "DRAFT" in client.get(f"{address}documents/").text
    assert "Sheriff ??" in client.get(f"{address}documents/01-letter-of-interest.pdf/").text
    assert client.get(f"{address}documents/06-proof.pdf/").status_code == 200


def test_what_cannot_be_made_is_a_page_with_a_sentence(
    client: PageClient, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise FillError("Page 2: Title", "it does not read back.")

    monkeypatch.setattr("assistant.web.application.documents.bundle_of", refuse)
    for response in (
        client.get(f"{filled}documents/01-letter-of-interest.pdf/"),
        client.get(f"{filled}documents/01-letter-of-interest.pdf/file"),
        client.send(f"{filled}exports/"),
    ):
        assert response.status_code == 422
        assert "Page 2: Title: it does not read back." in response.text
