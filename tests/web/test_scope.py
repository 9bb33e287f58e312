"""No agency reaches another one's case, whatever the address and the method; a route without a row here fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from assistant.services.after_export import copy_store, ledger
from assistant.services.after_export.copy_files import CopyFile
from assistant.services.application import comments, export_log, rosters
from assistant.services.application.make_bundle import make
from assistant.services.form_maps.forms import library
from tests.storage.test_ledger import message
from tests.web.conftest import snapshot
from tests.web.made_up import NOW, add_agency, add_application, complete_answers

if TYPE_CHECKING:
    from flask import Flask

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

# Endpoint -> what stands in the address beside the application.
OWNED: dict[str, dict[str, Any]] = {
    "applications.copy": {},
    "applications.delete": {},
    "applications.end_practice": {},
    "applications.answers_file": {},
    "editions.listing": {},
    "editions.move": {"model": "TFM", "to": "2025-02-12"},
    "wizard.hub": {},
    "wizard.step": {"slug": "agency"},
    "wizard.fit": {"slug": "agency"},
    "wizard.blank": {"token": "x"},
    "wizard.not_eligible_page": {},
    "nominees.listing": {},
    "nominees.new": {},
    "nominees.person": {"nominee_id": "theirs"},
    "nominees.questions": {"nominee_id": "theirs"},
    "nominees.remove": {"nominee_id": "theirs"},
    "roster.give": {},
    "roster.look": {"draft_id": "theirs"},
    "roster.marked": {"draft_id": "theirs"},
    "people.grid": {},
    "checklist.show": {},
    "review.show": {},
    "documents.listing": {},
    "documents.preview": {"name": "01-letter-of-interest.pdf"},
    "documents.page": {"name": "01-letter-of-interest.pdf", "number": 1},
    "documents.first_page": {"name": "01-letter-of-interest.pdf"},
    "documents.download": {"name": "01-letter-of-interest.pdf"},
    "documents.export": {},
    "documents.result": {"export_id": "theirs"},
    "documents.bundle": {"export_id": "theirs"},
    "since_export.show": {},
    "signed_copies.show": {},
    "signed_copies.copy": {"copy_id": "theirs"},
    "signed_copies.confirm": {"copy_id": "theirs"},
    "signed_copies.assign": {"copy_id": "theirs"},
    "signed_copies.remove": {"copy_id": "theirs"},
    "signed_copies.file": {"copy_id": "theirs"},
    "signed_pages.page": {"copy_id": "theirs", "number": 1},
    "signed_pages.picture": {"copy_id": "theirs", "number": 1, "which": "signed"},
    "sending.show": {},
    "sending.message": {"name": "message"},
    "sending.package": {},
    "messages.show": {},
    "messages.mark": {},
    "messages.place": {"message_id": "theirs"},
    "messages.remove": {"message_id": "theirs"},
    "reply_desk.show": {"message_id": "theirs"},
    "reply_desk.draft": {"message_id": "theirs"},
    "status.show": {},
    "papers.show": {},
    "signatory.show": {},
    "approval.show": {},
    "approval.ask": {},
    "approval.finish_review": {},
    "approval.lock": {},
    "approval.unlock": {},
    "approval.decide": {},
    "comments.show": {},
    "comments.add": {},
    "comments.resolve": {"comment_id": "theirs"},
    "papers.page": {"paper": "cost-sheet"},
    "papers.file": {"name": "signatory-brief.pdf"},
    "papers.calendar": {},
    "nominee_changes.show": {},
    "hand_over.show": {},
    "history.show": {},
    "history.compare": {},
    "hand_over.choose": {},
    "page_drafts.keep": {},
    "page_drafts.discard": {},
}
# These name no case: the list is held to the agency, forms and program are everyone's.
OPEN = {
    "applications.listing", "applications.start", "applications.start_practice", "applications.from_file",
    "hand_over.open_file",
    "forms.listing", "forms.add",
    "forms.remove", "forms.changes", "forms.unregister",
    "program.models_page", "program.counsel", "program.glossary", "program.sources",
    "program.rules", "program.contact", "program.facts", "files.own", "files.asset", "mapping.drafts", "mapping.give",
    "mapping.overview", "mapping.page",
    "mapping.picture", "mapping.trial", "mapping.trial_picture", "mapping.compare", "mapping.toml",
    "mapping_keep.keep", "mapping.remove", "mapping.identity", "from_agreement.ask", "from_agreement.start",
    "from_agreement.strip",
    "checking.document", "lists.home",
    "lists.look_up", "lists.load", "lists.report", "lists.chart", "lists.state", "lists.changes", "lists.choose_state",
    "lists.changes_csv", "lists.encounter_reports_page", "lists.encounter_report", "lists.remove_encounter_report",
    "lists.feed", "lists.state_map", "lists.trend_chart", "lists.months_csv", "lists.county_chart", "lists.agency",
    "lists.encounter_table", "lists.encounter_chart", "lists.states_csv", "roster.template",
    "page_drafts.keep_of_map", "page_drafts.discard_of_map", "health.alive", "health.ready",
    "start_token.open_wizard", "idle_lock.show", "idle_lock.remaining", "idle_lock.stay", "idle_lock.lock_now",
    "applications.note_keys_copied",
}  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def test_every_route_is_in_one_of_the_two_tables(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    assert {rule.endpoint for rule in rules} == OWNED.keys() | OPEN
    for rule in rules:
        assert ("application_id" in rule.arguments) == (rule.endpoint in OWNED), rule.rule


@pytest.mark.parametrize("whose", ["another agency's", "nobody's"])
@pytest.mark.parametrize("endpoint", OWNED)
def test_what_belongs_to_others_is_not_found(
    app: Flask, client: PageClient, parts: Parts, endpoint: str, whose: str
) -> None:
    theirs = add_application(parts, add_agency(parts))
    with parts.writer() as session:
        from assistant.services.application.applications import get  # noqa: PLC0415

        row = get(session, parts.agency_id + 1, theirs)
        made = make(row.answers, library(session), today=NOW.date(), draft=True)
        export_id = export_log.record_export(session, row, made, now=NOW).public_id
        nominee_id = row.nominee_ids[0]
        draft_id = rosters.keep(session, row, b"Name,Badge\nExample County,1\n", now=NOW).public_id
        scan = CopyFile(name="scan.pdf", data=b"%PDF-1.7", pages=1)
        copy_id = copy_store.add_copies(session, row, [scan], side="agency", now=NOW)[0].public_id
        comment_id = comments.add_comment(session, row, "agency.phone", "Is this right?", now=NOW)
        message_id = ledger.add_message(session, row, message(), now=NOW).line.public_id
        session.commit()
    ids = {
        "nominee_id": nominee_id,
        "export_id": export_id,
        "draft_id": draft_id,
        "message_id": message_id,
        "copy_id": copy_id,
        "comment_id": comment_id,
    }
    values: dict[str, Any] = {name: ids.get(name, value) for name, value in OWNED[endpoint].items()}
    with app.test_request_context(base_url="http://127.0.0.1/"):
        wanted = theirs if whose == "another agency's" else uuid4()
        address = app.url_for(endpoint, application_id=wanted, _external=False, **values)
    token = client.token()
    before = snapshot(parts)
    allowed = next(rule.methods for rule in app.url_map.iter_rules() if rule.endpoint == endpoint) or set()
    for method in METHODS:
        response = client.open(
            address, method=method, data={"csrf_token": token, "go": "on"} if method != "GET" else None
        )
        assert response.status_code == (404 if method in allowed - {"OPTIONS"} else response.status_code), method
        assert response.status_code in {404, 405, 400, 200 if method == "OPTIONS" else 404}, method
        assert "Example County" not in response.text
    assert snapshot(parts) == before


def test_ids_of_one_case_open_nothing_in_another(client: PageClient, parts: Parts, filled: str) -> None:
    other = add_application(parts, parts.agency_id, complete_answers())
    exported = client.send(f"{filled}exports/").location
    assert exported
    export_id = exported.rstrip("/").rpartition("/")[2]
    assert client.get(exported).status_code == 200
    assert client.get(f"/applications/{other}/exports/{export_id}/").status_code == 404
    assert client.get(f"/applications/{other}/exports/{export_id}/bundle.zip").status_code == 404


def test_the_list_shows_the_own_agency_only(client: PageClient, parts: Parts, filled: str) -> None:
    theirs = add_application(parts, add_agency(parts))
    page = client.get("/").text
    assert filled in page
    assert str(theirs) not in page
