"""Tokens, hosts, headers, faults: what holds for every request."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from assistant.services.application import applications
from tests.web.conftest import snapshot

if TYPE_CHECKING:
    from flask import Flask

    from assistant.config import Config
    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

POLICY = {
    "default-src 'none'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "script-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "connect-src 'self'",
}  # fmt: skip


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8287", ""])
def test_a_foreign_host_is_refused(client: PageClient, host: str) -> None:
    response = client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "Applications" not in response.text


@pytest.mark.parametrize("host", ["127.0.0.1:8287", "localhost:8287"])
def test_the_own_names_are_answered(client: PageClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/nowhere", "/forms/", "/static/x/app.css", "/applications/not-an-id/"])
def test_headers_stand_on_every_response(client: PageClient, address: str) -> None:
    headers = client.get(address).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in headers


def test_every_changing_request_needs_its_token(app: Flask, client: PageClient, parts: Parts, filled: str) -> None:
    application_id = filled.strip("/").rpartition("/")[2]
    with parts.reader() as session:
        nominee_id = applications.get(session, parts.agency_id, UUID(application_id)).nominee_ids[0]
    known = {
        "application_id": application_id,
        "slug": "agency",
        "nominee_id": nominee_id,
        "form_id": "0" * 64,
        "draft_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        "message_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        "copy_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        "comment_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        "number": 1,
        "model": "TFM",
        "to": "2025-02-12",
        "form": "moa-tfm",
        "edition": "2025-02-12",
        "month": "2025-11",
    }
    before = snapshot(parts)
    changing = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]
    assert len(changing) > 8
    for rule in changing:
        with app.test_request_context(base_url="http://127.0.0.1/"):
            values: dict[str, Any] = {name: known[name] for name in rule.arguments if name not in (rule.defaults or {})}
            address = app.url_for(rule.endpoint, **values)
        for data in ({}, {"csrf_token": "made-up"}, {"agency-legal_name": "Sample", "version": "1", "go": "on"}):
            assert client.post(address, data=data).status_code in {400, 404}, rule.rule
    assert snapshot(parts) == before


def test_a_lost_token_brings_the_page_back_with_what_was_typed(client: PageClient, filled: str) -> None:
    typed = {"agency-legal_name": "A Name Nobody Saved", "agency-kind": "state", "csrf_token": "of another session"}
    response = client.post(f"{filled}steps/agency", data=typed)
    assert response.status_code == 400
    assert 'value="A Name Nobody Saved"' in response.text
    assert "What you typed is still here" in response.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert token
    again = client.post(f"{filled}steps/agency", data=typed | {"csrf_token": token[1], "version": "1"})
    assert again.status_code == 302


def test_a_page_left_open_for_hours_still_saves(
    client: PageClient, filled: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = client.token()
    clock.now += timedelta(hours=3)
    late = time.time() + 10 * 24 * 3600
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: late)
    response = client.post(
        f"{filled}steps/agency", data={"csrf_token": token, "agency-legal_name": "Late", "version": "1"}
    )
    assert response.status_code == 302


def test_extra_values_change_nothing(client: PageClient, parts: Parts, filled: str) -> None:
    extra = {
        "agency_id": "2",
        "version": "1",
        "id": "9",
        "signatory-full_name": "Mallory",
        "nominees": "x",
        "deleted_at": "now",
    }
    client.send(f"{filled}steps/approvals", **extra)
    with parts.reader() as session:
        found = applications.list_for(session, parts.agency_id)
        row = applications.get(session, parts.agency_id, found[0].public_id)
        assert row.answers.signatory.full_name == "Jordan Núñez"
        assert row.agency_id == parts.agency_id


def test_only_one_origin_may_follow_a_redirect(client: PageClient, filled: str) -> None:
    for back in ("https://evil.example/", "//evil.example", "\\\\evil.example", "row-agency.kind\r\nX: y"):
        response = client.send(f"{filled}steps/address", back=back, version="1")
        assert response.status_code == 302
        assert response.location.startswith("/applications/")
        assert "evil" not in response.location


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("", "assistant.web.wizard.wizard.application_state.status_of"),
        ("steps/agency", "assistant.web.wizard.wizard.fit_meter.meters"),
        ("review/", "assistant.web.application.review.sections_of"),
        ("nominees/", "assistant.web.nominees.nominee_table.grids"),
        ("documents/", "assistant.web.application.documents.files_of"),
        ("delete", "assistant.web.application.applications.application_state.title_of"),
        ("/forms/", "assistant.web.form_maps.kept_forms.forms.stored_forms"),
        ("/program/", "assistant.web.reference.program.program.side_by_side"),
        ("/program/rules", "assistant.web.reference.program.cards"),
        ("/check/", "assistant.web.reference.check_pages._ask"),
        ("/lists/", "assistant.web.reference.lists.list_lookup.imports"),
        ("nominees/roster/", "assistant.web.nominees.roster_pages.application_state.title_of"),
        ("nominees/criteria/", "assistant.web.nominees.criteria_grid_pages.grids"),
        ("checklist/", "assistant.web.application.checklist.compose_checklist"),
    ],
)
def test_a_fault_shows_an_id_and_no_value(
    client: PageClient, config: Config, filled: str, monkeypatch: pytest.MonkeyPatch, *, address: str, place: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("CANARY Jordan Núñez")

    monkeypatch.setattr(place, fail)
    client.application.testing = False
    response = client.get(address if address.startswith("/") else filled + address)
    logged = [json.loads(line) for line in (config.log_dir / "wizard.log").read_text("utf-8").splitlines()]
    assert response.status_code == 500
    assert "CANARY" not in response.text
    assert "Traceback" not in response.text
    shown = re.search(r"<code>([0-9a-f]{12})</code>", response.text)
    assert shown
    assert [entry["request"] for entry in logged if entry["event"] == "fault"] == [shown[1]]
    assert "CANARY" not in repr(logged)


def test_too_large_a_form_is_refused_plainly(client: PageClient) -> None:
    response = client.post("/applications", data={"csrf_token": "x" * 1_100_000})
    assert response.status_code == 413
    assert "What you sent is too large" in response.text


def test_too_large_a_file_is_refused_with_its_limit_and_a_way_back(client: PageClient) -> None:
    kind = "multipart/form-data; boundary=x"
    response = client.post("/forms/add", content_type=kind, environ_overrides={"CONTENT_LENGTH": "200000000"})
    assert response.status_code == 413
    assert "accepts files of up to 25 MB. Nothing was saved." in response.text
    assert 'href="/forms/add"' in response.text
