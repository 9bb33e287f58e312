from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from assistant.answers import Answers, dump
from assistant.errors import NotFoundError
from assistant.services.application import applications, export_log, history
from assistant.storage.tables import set_actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
REVIEW = {"ready": True, "findings": [], "counts": {"blocker": 0, "warning": 0, "note": 0}}


def made(answers: Answers, *, draft: bool = False, **more: Any) -> Any:
    forms = {
        "TFM": SimpleNamespace(edition=SimpleNamespace(name="moa-tfm/2025-02-12"), sha256="ab" * 32),
        "JEM": SimpleNamespace(edition=SimpleNamespace(name="moa-jem/2025-02-15"), sha256=None),
    }
    values = {"data": b"zip bytes", "sha256": "cd" * 32, "forms": forms, "letter": None} | more
    return SimpleNamespace(answers=answers, draft=draft, review=SimpleNamespace(to_document=lambda: REVIEW), **values)


def test_a_snapshot_stays_as_it_was(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    set_actor(session, "7")
    export_log.record_export(session, application, made(answers), now=NOW + timedelta(days=1))
    applications.save(session, application, Answers(), version=1, now=NOW + timedelta(days=2))
    session.commit()
    with store.read() as reading:
        (listed,) = export_log.exports_of(reading, applications.get(reading, store.agency_id, application.public_id))
        assert (listed.version, listed.draft, listed.who, listed.size) == (1, False, "7", 9)
        assert (listed.made_at, listed.sha256, listed.purged_at) == (NOW + timedelta(days=1), "cd" * 32, None)
        kept = export_log.get_export(reading, store.agency_id, listed.public_id)
        assert kept.answers == dump(answers)
        assert json.loads(kept.review) == REVIEW
        assert kept.editions["TFM"] == {"edition": "moa-tfm/2025-02-12", "sha256": "ab" * 32}
        assert kept.editions["JEM"] == {"edition": "moa-jem/2025-02-15", "sha256": None}


def test_an_export_is_in_the_history(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    export_log.record_export(session, application, made(answers), now=NOW)
    entry = history.entries(session, application)[0]
    assert (entry.act, entry.section, entry.facts["sha256"], entry.facts["draft"]) == (
        "exported",
        "documents",
        "cd" * 32,
        False,
    )
    assert history.verify(session, application) == []


def test_another_agencys_export_does_not_exist(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    export = export_log.record_export(session, application, made(answers), now=NOW)
    with pytest.raises(NotFoundError):
        export_log.get_export(session, store.other_agency_id, export.public_id)
    applications.delete(session, application, now=NOW)
    with pytest.raises(NotFoundError):
        export_log.get_export(session, store.agency_id, export.public_id)


def test_which_version_was_exported(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    assert export_log.record_export(session, application, made(answers), now=NOW).version == 1
    applications.save_values(session, application, {"agency.county": "Pasco"}, version=1, now=NOW)
    # The bundle was made from the answers before that save.
    assert export_log.record_export(session, application, made(answers), now=NOW).version == 0


def test_the_list_opens_no_snapshot(store: Store, session: Session, answers: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=answers)
    for _ in range(5):
        export_log.record_export(session, application, made(answers), now=NOW)
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert len(export_log.exports_of(session, application)) == 5
    assert len(statements) == 1
    assert "sealed" not in statements[0]
