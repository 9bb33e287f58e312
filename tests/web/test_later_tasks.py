"""The task list after an export: who signs and sends, what comes next, and what changed since."""

from __future__ import annotations

import json
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import select

from assistant.services.after_export.issued_documents import documents_of, documents_to_sign, export_being_signed
from assistant.services.after_export.sent_package import documents_to_send
from assistant.services.form_maps import forms
from assistant.storage.after_export_tables import MessageRow
from assistant.storage.tables import Application, ExportRow
from tests.storage.test_ledger import sign
from tests.web.made_up import NOW, add_application
from tests.web.test_wizard import statuses

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient


@pytest.fixture
def public_id(parts: Parts, official_forms: Path) -> UUID:
    with parts.writer() as session:
        forms.keep(session, (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), now=NOW)
        session.commit()
    return add_application(parts, parts.agency_id)


def change(client: PageClient, base: str, parts: Parts, public_id: UUID, title: str) -> None:
    """Give the signatory another title on the page of the wizard."""
    with parts.reader() as session:
        version = session.scalars(select(Application.version).where(Application.public_id == public_id)).one()
    fields = {
        "signatory-full_name": "Jordan Núñez", "signatory-title": title, "signatory-email": "sheriff@ecso.example.gov",
        "signatory-phone": "(727) 555-0101", "signatory-chief_officer": "yes",
    }  # fmt: skip
    response = client.send(f"{base}steps/signatory", version=str(version), go="later", **fields)
    assert response.status_code == 302


def add_copy(parts: Parts, public_id: UUID, document: str, *, confirmed: bool) -> None:
    with parts.writer() as session:
        application = session.scalars(select(Application).where(Application.public_id == public_id)).one()
        export = session.scalars(select(ExportRow).where(ExportRow.application_id == application.id)).one()
        row = sign(session, application, document, b"pdf")
        row.export_id = export.id
        if confirmed:
            row.confirmed_pages, row.confirmed_at = [1], NOW
        session.commit()


def add_message(parts: Parts, public_id: UUID, kind: str) -> None:
    with parts.writer() as session:
        application = session.scalars(select(Application).where(Application.public_id == public_id)).one()
        row = MessageRow(
            public_id=uuid4(), application_id=application.id, kind=kind, dated_at=NOW, added_at=NOW, sha256="cd" * 32
        )
        session.add(row)
        with session.no_autoflush:
            row.facts, row.data = json.dumps({"subject": "287(g)"}), None
        session.commit()


def test_nothing_can_be_signed_before_an_export(client: PageClient, public_id: UUID) -> None:
    page = client.get(f"/applications/{public_id}/").text
    rows = statuses(page)
    assert {rows[slug] for slug in ("print", "copies", "sending", "sent", "answer")} == {"Cannot start yet"}
    for heading in ("Sign", "Send", "After sending"):
        assert f'<h2 class="task-group">{heading}</h2>' in page
    assert "Jordan Núñez signs. You print, and scan what was signed." in page
    assert "This program sends nothing." in page


def test_each_row_follows_what_is_recorded(client: PageClient, parts: Parts, public_id: UUID) -> None:
    base = f"/applications/{public_id}/"
    client.send(f"{base}exports/")
    page = client.get(base).text
    assert statuses(page)["documents"] == "Completed"
    assert (statuses(page)["print"], statuses(page)["copies"]) == ("Not started", "Not started")
    assert "Continue: Print and sign" in page
    add_copy(parts, public_id, "01-letter-of-interest.pdf", confirmed=True)
    page = client.get(base).text
    assert (statuses(page)["print"], statuses(page)["copies"]) == ("In progress", "In progress")
    assert "Copies of 1 of 3 documents are here. Somebody has checked 1 of them." in page
    for document in ("02-moa-tfm.pdf", "02-entry-sheet-wso.pdf"):
        add_copy(parts, public_id, document, confirmed=True)
    page = client.get(base).text
    assert (statuses(page)["print"], statuses(page)["copies"]) == ("Completed", "Completed")
    assert (statuses(page)["sending"], statuses(page)["sent"]) == ("Not started", "Not started")
    assert "Nothing is recorded as sent." in page
    add_message(parts, public_id, "marked")
    page = client.get(base).text
    assert (statuses(page)["sending"], statuses(page)["sent"]) == ("Completed", "Completed")
    assert "Sent January 20, 2026." in page
    assert statuses(page)["answer"] == "Waiting"
    add_message(parts, public_id, "reply")
    assert "The last answer is of January 20, 2026." in client.get(base).text


def test_a_copy_that_nobody_has_checked_is_not_ready_to_send(client: PageClient, parts: Parts, public_id: UUID) -> None:
    base = f"/applications/{public_id}/"
    client.send(f"{base}exports/")
    for document in ("01-letter-of-interest.pdf", "02-moa-tfm.pdf", "02-entry-sheet-wso.pdf"):
        add_copy(parts, public_id, document, confirmed=False)
    rows = statuses(client.get(base).text)
    assert (rows["print"], rows["copies"], rows["sending"]) == ("Completed", "In progress", "In progress")


def test_what_changed_since_the_export_is_named_blank_by_blank(
    client: PageClient, parts: Parts, public_id: UUID
) -> None:
    base = f"/applications/{public_id}/"
    client.send(f"{base}exports/")
    assert "out of date" not in client.get(base).text
    change(client, base, parts, public_id, "Interim Sheriff")
    page = client.get(base).text
    assert (statuses(page)["documents"], statuses(page)["print"]) == ("Out of date", "Out of date")
    assert f'href="{base}since-export/"' in page
    assert "Continue: Documents and signing" in page
    shown = unescape(client.get(f"{base}since-export/").text)
    assert "“Sheriff” (p. 9" in shown
    assert "“Interim Sheriff” (p. 9" in shown
    assert "Signatory: Title" in shown
    assert "Nominees</h2>" not in shown
    # Back to what it was: nothing is out of date, though the version is another.
    change(client, base, parts, public_id, "Sheriff")
    page = client.get(base).text
    assert (statuses(page)["documents"], statuses(page)["print"]) == ("Completed", "Not started")
    assert "Nothing changed." in client.get(f"{base}since-export/").text


def test_a_draft_is_nothing_to_sign(client: PageClient, parts: Parts, public_id: UUID) -> None:
    base = f"/applications/{public_id}/"
    change(client, base, parts, public_id, "")
    client.send(f"{base}exports/")
    assert statuses(client.get(base).text)["print"] == "Cannot start yet"
    assert client.get(f"{base}since-export/").status_code == 404


def test_a_removed_nominee_and_another_form_are_told(
    client: PageClient, parts: Parts, public_id: UUID, official_forms: Path
) -> None:
    base = f"/applications/{public_id}/"
    client.send(f"{base}exports/")
    with parts.writer() as session:
        row = session.scalars(select(Application).where(Application.public_id == public_id)).one()
        nominee, version = row.nominee_ids[0], row.version
        forms.keep(session, (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes(), now=NOW)
        session.commit()
    assert client.send(f"{base}nominees/{nominee}/remove", version=str(version)).status_code == 302
    client.send(f"{base}editions/TFM/2025-03-07", version=str(version + 1))
    shown = unescape(client.get(f"{base}since-export/").text)
    assert "One nominee is new, gone, or different." in shown
    assert "Another blank form is used now." in shown


def test_an_application_that_is_not_there_has_no_such_page(client: PageClient, public_id: UUID) -> None:
    client.send(f"/applications/{public_id}/exports/")
    assert client.get(f"/applications/{uuid4()}/since-export/").status_code == 404


def test_the_same_exported_again_keeps_what_was_signed_and_something_else_does_not(
    client: PageClient, clock: Clock, parts: Parts, public_id: UUID
) -> None:
    base = f"/applications/{public_id}/"
    client.send(f"{base}exports/")
    add_copy(parts, public_id, "01-letter-of-interest.pdf", confirmed=True)
    clock.now += timedelta(days=1)
    client.send(f"{base}exports/")
    assert "Copies of 1 of 3 documents are here." in client.get(base).text
    change(client, base, parts, public_id, "Interim Sheriff")
    client.send(f"{base}exports/")
    assert statuses(client.get(base).text)["copies"] == "Not started"


def test_list_ledger_and_copies_name_the_same_documents(client: PageClient, parts: Parts, public_id: UUID) -> None:
    """One agreement is a filled form, the other an entry sheet."""
    client.send(f"/applications/{public_id}/exports/")
    with parts.reader() as session:
        application = session.scalars(select(Application).where(Application.public_id == public_id)).one()
        export = export_being_signed(session, application)
        assert export is not None
        names = [document.name for document in documents_of(export)]
        assert names == ["01-letter-of-interest.pdf", "02-moa-tfm.pdf", "02-entry-sheet-wso.pdf"]
        assert list(documents_to_sign(export)) == list(documents_to_send(session, application)) == names
