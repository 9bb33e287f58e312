"""The proof in the bundle: what it says of every filled form is what other programs find there too."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from assistant.documents.proof import ApprovalFact, compose_proof, proof_pdf
from assistant.documents.wording import page_runs
from assistant.editions.form_plan import FilledForm, fill_form
from assistant.editions.library import FormLibrary
from assistant.errors import FillError
from assistant.pdf.filling.proof import ProofRow
from assistant.services.application import make_bundle
from assistant.services.application.make_bundle import make

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers

TODAY = date(2026, 2, 1)


@pytest.fixture(scope="module")
def library(official_forms: Path) -> FormLibrary:
    return FormLibrary.from_directory(official_forms)


@pytest.fixture(scope="module")
def filled(library: FormLibrary, ready: Answers) -> list[FilledForm]:
    return [fill_form(library.choose(model), ready) for model in ("JEM", "TFM", "WSO")]


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def files_of(bundle: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(bundle)) as packed:
        return {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}


def test_it_tells_every_form_every_place_and_the_official_file(filled: list[FilledForm], ready: Answers) -> None:
    text = text_of(proof_pdf(ready, filled, today=TODAY, draft=False))
    for form in filled:
        assert form.form.data is not None
        assert form.form.edition.name in text
        assert hashlib.sha256(form.form.data).hexdigest() in text
        assert f"the first {len(form.form.data):,} bytes" in text
        assert f"{len(form.proof.rows)} places read back, all as intended" in text
        for row in form.proof.rows:
            assert row.text in text
    assert text.count("Nothing was written on ICE’s side") == len(filled)


def test_it_names_who_approved_exactly_this(filled: list[FilledForm], ready: Answers) -> None:
    at = datetime(2026, 1, 19, 20, 5, tzinfo=timezone(timedelta(hours=-5)))
    fact = ApprovalFact(name="Casey Sample", at=at, sha256="0123456789abcdef" * 4)
    text = text_of(proof_pdf(ready, filled, today=TODAY, draft=False, approval=fact))
    assert "Casey Sample approved these answers and forms on January 20, 2026, at 01:05 UTC." in text
    assert fact.sha256 in text.replace(" ", "")
    for unapproved in (
        proof_pdf(ready, filled, today=TODAY, draft=False),
        proof_pdf(ready, filled, today=TODAY, draft=True, approval=fact),
    ):
        assert "approved" not in text_of(unapproved)


def test_it_stays_compact(filled: list[FilledForm], ready: Answers) -> None:
    """One form takes one page: a footer on fourteen pages is one line."""
    one = proof_pdf(ready, filled[1:2], today=TODAY, draft=False)
    assert len(PdfReader(BytesIO(one)).pages) == 1
    assert "1–14 agency’s name, footer of every page" in text_of(one)


def test_it_is_tagged_titled_and_the_same_every_time(filled: list[FilledForm], ready: Answers) -> None:
    data = proof_pdf(ready, filled, today=TODAY, draft=False)
    assert data == proof_pdf(ready, filled, today=TODAY, draft=False)
    reader = PdfReader(BytesIO(data))
    root: Any = reader.root_object
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert reader.metadata
    assert "Proof" in str(reader.metadata.title)


def test_a_draft_says_so(filled: list[FilledForm], ready: Answers) -> None:
    for page in PdfReader(BytesIO(proof_pdf(ready, filled, today=TODAY, draft=True))).pages:
        assert "DRAFT" in page.extract_text()


def test_it_shows_what_was_read_not_what_was_meant(filled: list[FilledForm], ready: Answers) -> None:
    row = ProofRow(blank="agency", page=3, text="meant", drawn_text="read back", size=9.0)
    other = replace(filled[0], proof=replace(filled[0].proof, rows=(row,)))
    text = text_of(proof_pdf(ready, [other], today=TODAY, draft=False))
    assert "read back 9" in text
    assert "meant 9" not in text


def test_a_map_without_ices_blanks_promises_nothing_of_them(filled: list[FilledForm], ready: Answers) -> None:
    form = filled[0].form
    bare_form = replace(form, edition=replace(form.edition, left_blank=()))
    bare = replace(filled[0], plan=replace(filled[0].plan, form=bare_form))
    text = repr(compose_proof(ready, [bare], today=TODAY, draft=False))
    assert "Nothing was written on ICE’s side" not in text
    assert "has no blanks for ICE" in text


def test_pages_in_a_row_are_told_as_a_run() -> None:
    assert page_runs([1, 2, 3, 5, 7, 8]) == "1–3, 5, 7–8"


def test_the_bundle_carries_it_between_the_instructions_and_the_email(library: FormLibrary, ready: Answers) -> None:
    files = files_of(make(ready, library, today=TODAY, draft=False).data)
    names = list(files)
    assert names.index("05-signing-instructions.pdf") < names.index("06-proof.pdf") < names.index("email.eml")
    manifest = {row["name"]: row for row in json.loads(files["manifest.json"])["files"]}
    assert manifest["06-proof.pdf"]["sha256"] == hashlib.sha256(files["06-proof.pdf"]).hexdigest()
    text = text_of(files["06-proof.pdf"])
    for model in ("jem", "tfm", "wso"):
        row = manifest[f"02-moa-{model}.pdf"]
        assert row["official_sha256"] in text
        assert f"{row['official_bytes']:,}" in text
    assert re.search(
        r"06-proof\.pdf +what this program read back from every filled\s+form", files["README.txt"].decode()
    )


def test_without_a_form_it_claims_nothing(ready: Answers) -> None:
    files = files_of(make(ready, FormLibrary(), today=TODAY, draft=True).data)
    text = text_of(files["06-proof.pdf"])
    assert "none was filled and there is nothing to prove" in text
    assert "all as intended" not in text


def test_a_proof_that_fails_stops_the_bundle(
    monkeypatch: pytest.MonkeyPatch, library: FormLibrary, ready: Answers
) -> None:
    def fails(*_: object, **__: object) -> FilledForm:
        raise FillError("Title", "page 9 does not show the intended text.")

    monkeypatch.setattr(make_bundle, "fill_planned", fails)
    with pytest.raises(FillError, match="Title: page 9"):
        make(ready, library, today=TODAY, draft=True)
