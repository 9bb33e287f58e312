"""Asked for its head alone, a page answers as to GET and changes nothing, also where it takes POST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from assistant.services.after_export import copy_store, ledger
from assistant.services.after_export.copy_files import CopyFile
from assistant.services.application import export_log, rosters
from assistant.services.application.applications import get
from assistant.services.application.make_bundle import make
from assistant.services.form_maps.forms import keep, library
from tests.storage.test_ledger import message
from tests.web.conftest import snapshot
from tests.web.made_up import NOW, add_application
from tests.web.test_mapping import give
from tests.web.test_mapping_identity import AGREEMENT, form
from tests.web.test_scope import OWNED

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

SCAN = CopyFile(name="scan.pdf", data=b"%PDF-1.7", pages=1)
# What stands in the addresses that name no application.
ELSEWHERE: dict[str, Any] = {
    "number": 1, "sample": "usual", "digest": "0", "name": "app.css", "path": "app.css", "state": "FL",
    "edition_id": "2025-02-12", "revision": "2025-02-12", "code": "TFM", "form": "moa-tfm", "edition": "2025-02-12",
    "token": "x", "month": "2025-11", "listing_id": 1, "which": "signed",
}  # fmt: skip


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def test_a_head_is_answered_like_a_get(
    app: Flask, client: PageClient, parts: Parts, tmp_path: Path, official_forms: Path
) -> None:
    application_id = add_application(parts, parts.agency_id)
    with parts.writer() as session:
        row = get(session, parts.agency_id, application_id)
        made = make(row.answers, library(session), today=NOW.date(), draft=True)
        ids = {
            "export_id": export_log.record_export(session, row, made, now=NOW).public_id,
            "nominee_id": row.nominee_ids[0],
            "draft_id": rosters.keep(session, row, b"Name,Badge\nExample County,1\n", now=NOW).public_id,
            "copy_id": copy_store.add_copies(session, row, [SCAN], side="agency", now=NOW)[0].public_id,
            "message_id": ledger.add_message(session, row, message(), now=NOW).line.public_id,
        }
        kept = keep(session, (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), now=NOW).sha256
        session.commit()
    draft_id = str(give(client, form(tmp_path, AGREEMENT)).location).rstrip("/").rpartition("/")[2]
    client.get("/")
    before, poor = snapshot(parts), {}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        values = {**ELSEWHERE, "form_id": kept, **OWNED.get(rule.endpoint, {}), "application_id": application_id, **ids}
        if rule.endpoint not in OWNED:
            values["draft_id"] = draft_id
        built = rule.build({name: values[name] for name in rule.arguments - (rule.defaults or {}).keys()})
        assert built, rule
        address = built[1]
        asked, head = client.get(address), client.head(address)
        assert not head.data
        if head.status_code != asked.status_code or asked.status_code not in {200, 302, 404}:
            poor[rule.endpoint] = (asked.status_code, head.status_code)
    assert not poor
    assert snapshot(parts) == before
