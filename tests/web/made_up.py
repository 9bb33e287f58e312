"""A made-up agency, whole and in the database, and a made-up form to be mapped."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant import answers as answers_module
from assistant.services.application import applications
from assistant.services.installation import agencies
from tests.unit.made_agreements import Paper, contacts, signature_block

if TYPE_CHECKING:
    from uuid import UUID

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)


def add_application(parts: Parts, agency_id: int, answers: answers_module.Answers | None = None) -> UUID:
    with parts.writer() as session:
        application = applications.create(session, agency_id, now=NOW, answers=answers or complete_answers())
        public_id = application.public_id
        session.commit()
    return public_id


def add_agency(parts: Parts) -> int:
    with parts.writer() as session:
        agency_id = agencies.create_agency(session, "Sample Village Police Department", now=NOW).id
        session.commit()
    return agency_id


def complete_answers() -> answers_module.Answers:
    """Return answers that no rule has anything against, all made up."""
    return answers_module.from_document(
        {
            "format": "moa-application/1",
            "agency": {
                "legal_name": "Example County Sheriff’s Office", "short_name": "ECSO", "kind": "county",
                "represents": "Example County, Florida", "state": "FL", "county": "Pasco",
                "address": {"street": "100 Main Street", "city": "Example City", "state": "FL", "zip": "34652"},
                "phone": "(727) 555-0100", "email": "records@ecso.example.gov",
                "law_enforcement_agency": True, "operates_jail": True, "conducts_patrol": True,
            },
            "models": ["TFM", "WSO"],
            "signatory": {
                "full_name": "Jordan Núñez", "title": "Sheriff", "email": "sheriff@ecso.example.gov",
                "phone": "(727) 555-0101", "chief_officer": True,
            },
            "program_contact": {
                "full_name": "Sam O’Brien", "email": "sam@ecso.example.gov", "title": "Captain, Patrol Operations",
                "phone": "(727) 555-0102",
            },
            "public_information_contact": {
                "full_name": "Dana Lee", "email": "pio@ecso.example.gov", "title": "Public Information Officer",
                "phone": "(727) 555-0103",
            },
            "ice": {"field_office": "Miami", "opla_location": "Orlando"},
            "approvals": {
                "governing_body": "Example County Board of County Commissioners",
                "governing_body_approved_on": "2026-01-12", "counsel_reviewed_on": "2026-01-08",
            },
            "nominees": [
                {
                    "full_name": "Alex Nguyễn", "rank": "Deputy", "badge_number": "1412", "models": ["TFM"],
                    "us_citizen": True, "background_investigation": "completed",
                    "background_completed_on": "2025-11-03", "law_enforcement_since": "2018-06-01",
                    "enforced_laws": True,
                }
            ],
        }
    )  # fmt: skip


def draft_of_a_flat_form(client: PageClient) -> str:
    """Return the address of a draft whose first page has a line that nothing tells of, and one that is known."""
    paper = Paper("underscores")
    contacts(paper, ("Reached by day", "Title"))
    signature_block(paper, ("Signature", "Name", "Date"))
    values = {"csrf_token": client.token(), "form": (io.BytesIO(paper.data()), "a.pdf")}
    response = client.post("/forms/drafts/new", data=values)
    response.request.environ["wsgi.input"].close()
    return str(response.location)
