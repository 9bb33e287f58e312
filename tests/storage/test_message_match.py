"""A saved message is matched to the application whose exported files it carries, and to no other agency's."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.editions.library import FormLibrary
from assistant.services.application import applications, export_log
from assistant.services.application.make_bundle import make
from assistant.services.application.message_match import read_and_match
from assistant.services.installation.agencies import create_agency

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from tests.storage.conftest import Store


def exported(session: Session, agency_id: int, answers: Answers) -> tuple[str, dict[str, bytes]]:
    """Return the id of a new application, and the files of its export."""
    application = applications.create(session, agency_id, now=NOW, answers=answers)
    made = make(answers, FormLibrary(), today=NOW.date(), draft=True)
    export_log.record_once(session, application, made, now=NOW)
    with zipfile.ZipFile(BytesIO(made.data)) as bundle:
        return str(application.public_id), {n.rpartition("/")[2]: bundle.read(n) for n in bundle.namelist()}


def message(subject: str, *files: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "sam@example.gov", "ERO287g@ice.dhs.gov", subject
    made.set_content("Attached.")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()


def test_a_file_that_was_exported_tells_its_application(session: Session, store: Store, answers: Answers) -> None:
    first, files = exported(session, store.agency_id, answers)
    other, _ = exported(
        session, store.agency_id, replace(answers, agency=replace(answers.agency, legal_name="Other Office"))
    )
    assert first != other
    letter = files["01-letter-of-interest.pdf"]
    told = read_and_match(session, store.agency_id, message("x", ("scan.pdf", letter), ("b.pdf", letter + b" ")))
    assert (told["kind"], told["application"]) == ("sent", first)
    assert [item["matches"] for item in told["attachments"]] == ["01-letter-of-interest.pdf", None]


def test_a_subject_tells_it_where_one_application_alone_has_it(
    session: Session, store: Store, answers: Answers
) -> None:
    first, _ = exported(session, store.agency_id, answers)
    subject = f"RE: 287(g) Letter of Interest and MOA – {', '.join(answers.models)} – {answers.agency.legal_name}"
    assert read_and_match(session, store.agency_id, message(subject))["application"] == first
    assert read_and_match(session, store.agency_id, message(f"{subject}, too"))["application"] is None
    exported(session, store.agency_id, answers)
    assert read_and_match(session, store.agency_id, message(subject))["application"] is None, "two have it"


def test_another_agencys_files_are_unknown(session: Session, store: Store, answers: Answers) -> None:
    _, files = exported(session, store.agency_id, answers)
    another = create_agency(session, "Another agency", now=NOW)
    told = read_and_match(session, another.id, message("x", ("a.pdf", files["01-letter-of-interest.pdf"])))
    assert (told["application"], told["attachments"][0]["matches"]) == (None, None)
