"""Comments, reviews, locks and approvals: bound to a hash of what would print, written with their line of history."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files as package_files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from assistant.answers import Answers, Nominee, with_path
from assistant.editions.library import FormLibrary
from assistant.errors import BlockedError, InputError, LockedApplicationError, NotFoundError, PracticeError
from assistant.program.imported_facts import FORMAT as FACTS
from assistant.program.imported_facts import facts_dir
from assistant.services.application import applications, approval, comments, history, locks, nominees
from assistant.services.application.plan import plan_application
from assistant.services.form_maps.forms import library
from assistant.services.installation import purge
from assistant.storage.approval_tables import ApplicationLockRow, CommentRow, DecisionRow, ReviewRequestRow
from assistant.storage.tables import set_actor
from tests.web.made_up import complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from assistant.services.application.approval import Decision
    from assistant.services.application.plan import ApplicationPlan
    from assistant.storage.tables import Application
    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PREPARER, REVIEWER, APPROVER = "preparer-id", "reviewer-id", "approver-id"


@pytest.fixture
def application(store: Store, session: Session) -> Application:
    set_actor(session, PREPARER)
    return applications.create(session, store.agency_id, now=NOW, answers=complete_answers())


def hash_now(session: Session, application: Application) -> str:
    return approval.hash_state(plan_application(application.answers, library(session)))


def approve(session: Session, application: Application, sha256: str | None = None) -> Decision:
    set_actor(session, APPROVER)
    decision = approval.approve(
        session, application, library(session), sha256=sha256 or hash_now(session, application), name="Casey Sample",
        now=LATER, today=LATER.date(),
    )  # fmt: skip
    set_actor(session, PREPARER)
    return decision


def change(session: Session, application: Application, path: str, value: object) -> None:
    applications.save_values(session, application, {path: value}, version=application.version, now=LATER)


def state(session: Session, application: Application) -> approval.ApprovalState:
    return approval.state_of(session, application, plan_application(application.answers, library(session)))


def test_an_approval_holds_for_exactly_what_was_approved(session: Session, application: Application) -> None:
    assert not state(session, application).is_approved
    decision = approve(session, application)
    assert state(session, application).is_approved
    assert (decision.who, decision.name, decision.sha256) == (APPROVER, "Casey Sample", hash_now(session, application))
    line = history.entries(session, application)[0]
    assert (line.act, line.who, line.at) == ("approved", APPROVER, LATER)
    assert line.facts == {"decision": decision.public_id.hex, "sha256": decision.sha256, "name": "Casey Sample"}
    assert history.verify(session, application) == []


def test_any_change_makes_it_void_and_the_change_is_named(session: Session, application: Application) -> None:
    decision = approve(session, application)
    change(session, application, "agency.phone", "(727) 555-0199")
    nominees.add_nominee(session, application, "dana", Nominee(full_name="Dana Lee"), now=LATER)
    now = state(session, application)
    assert not now.is_approved
    assert now.decision == decision, "what was approved stays written down"
    assert approval.changed_paths(session, application, decision.version) == (
        "nominees.dana", "agency.phone",
    )  # fmt: skip
    assert approval.changed_forms(decision, plan_application(application.answers, library(session))) == ()


def test_what_is_changed_back_is_what_was_approved(session: Session, application: Application) -> None:
    before = application.answers.agency.phone
    decision = approve(session, application)
    change(session, application, "agency.phone", "(727) 555-0199")
    change(session, application, "agency.phone", before)
    assert state(session, application).is_approved
    assert approval.changed_paths(session, application, decision.version) == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("agency.phone", "(727) 555-0199"),
        ("models", ("TFM",)),
        ("short_wordings", MappingProxyType({"agency.legal_name": "ECSO"})),
        ("approvals.counsel_reviewed_on", None),
        ("nominees.0.rank", "Sergeant"),
        ("nominees.0.us_citizen", False),
        ("editions", MappingProxyType({"TFM": "2025-03-07"})),
    ],
)
def test_the_hash_is_over_all_answers_and_the_chosen_editions(session: Session, path: str, value: object) -> None:
    answers = replace(complete_answers(), editions=MappingProxyType({"TFM": "2025-02-12"}))
    forms = library(session)
    part: dict[str, Any] = {path: value}
    other = replace(answers, **part) if path in {"short_wordings", "editions"} else with_path(answers, path, value)
    one, two = (approval.hash_state(plan_application(one, forms)) for one in (answers, other))
    assert one != two
    assert one == approval.hash_state(plan_application(replace(answers), forms))


def test_a_pin_to_the_edition_that_is_used_anyway_changes_nothing(session: Session) -> None:
    answers, forms = complete_answers(), library(session)
    plan = plan_application(answers, forms)
    pins = {str(model): one.form.edition.edition_id for model, one in plan.agreements.items()}
    pinned = replace(answers, editions=MappingProxyType(pins))
    assert approval.hash_state(plan) == approval.hash_state(plan_application(pinned, forms))


def test_another_file_for_the_same_form_makes_it_void_and_is_named(session: Session, application: Application) -> None:
    decision = approve(session, application)
    forms = {**decision.forms, "TFM": {**decision.forms["TFM"], "sha256": "ab" * 32}}
    plan = plan_application(application.answers, library(session))
    assert approval.changed_forms(replace(decision, forms=forms), plan) == ("TFM",)


def plan_with_map(plan: ApplicationPlan, model: Any, **changes: Any) -> ApplicationPlan:
    """Return the plan whose form for a model has the same name and file, and another map."""
    agreement = plan.agreements[model]
    edition = replace(agreement.form.edition, **changes)
    other = replace(agreement, form=replace(agreement.form, edition=edition))
    return replace(plan, agreements={**plan.agreements, model: other})


def test_another_map_of_the_same_form_makes_it_void_and_is_named(session: Session, application: Application) -> None:
    decision = approve(session, application)
    plan = plan_application(application.answers, library(session))
    entries = plan.agreements["TFM"].form.edition.entries
    moved = (replace(entries[0], blank=entries[1].blank), replace(entries[1], blank=entries[0].blank), *entries[2:])
    other = plan_with_map(plan, "TFM", entries=moved)
    now = approval.state_of(session, application, other)
    assert not now.is_approved
    assert approval.changed_forms(decision, other) == ("TFM",)
    same = plan_with_map(plan, "TFM", entries=tuple(replace(entry) for entry in entries))
    assert approval.state_of(session, application, same).is_approved


def test_the_hash_is_the_same_in_every_process() -> None:
    code = (
        "from assistant.editions.library import FormLibrary; from assistant.services.application import approval; "
        "from assistant.services.application.plan import plan_application; "
        "from tests.web.made_up import complete_answers; "
        "print(approval.hash_state(plan_application(complete_answers(), FormLibrary())))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert outputs == {approval.hash_state(plan_application(complete_answers(), FormLibrary()))}


def test_facts_that_are_imported_later_make_it_void(
    session: Session, application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agency's own letter prints an address of ICE's, which an import may change."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path))
    approve(session, application)
    rows = list(
        csv.DictReader(
            (package_files("assistant.program") / "data" / "field_offices.csv").read_text("utf-8").splitlines()
        )
    )
    rows[0]["opla_address"] = "1 Other Street, Example City, AL 35004"
    files = [{"kind": "field_offices", "name": "offices.csv", "sha256": "ab" * 32, "rows": rows}]
    facts_dir().mkdir()
    imported = facts_dir() / "0001.json"
    imported.write_text(json.dumps({"format": FACTS, "imported_at": NOW.isoformat(), "files": files}), "utf-8")
    assert not state(session, application).is_approved
    imported.unlink()
    assert state(session, application).is_approved, "what is taken back is what was approved"


def test_what_somebody_changed_a_second_before_is_not_approved(session: Session, application: Application) -> None:
    seen = hash_now(session, application)
    change(session, application, "agency.phone", "(727) 555-0199")
    with pytest.raises(approval.StateChangedError):
        approve(session, application, seen)
    with pytest.raises(approval.StateChangedError):
        approval.decline(
            session, application, library(session), sha256=seen, name="Casey Sample", reason="No.", now=LATER
        )
    assert approval.decisions_on(session, application) == []


def test_an_application_with_a_blocker_is_not_approved(session: Session, application: Application) -> None:
    change(session, application, "agency.represents", None)
    with pytest.raises(BlockedError, match="has to be fixed"):
        approve(session, application)


def test_practice_is_not_approved_locked_or_reviewed(store: Store, session: Session) -> None:
    practice = applications.start_practice(session, store.agency_id, now=NOW)
    with pytest.raises(PracticeError):
        approve(session, practice)
    with pytest.raises(PracticeError):
        approval.lock_application(session, practice, library(session), now=NOW)
    with pytest.raises(PracticeError):
        approval.ask_for_review(session, practice, "", now=NOW)


def test_approving_twice_makes_one_approval(session: Session, application: Application) -> None:
    assert approve(session, application) == approve(session, application)
    assert len(approval.decisions_on(session, application)) == 1


def test_declining_needs_a_reason_and_ends_the_approval(session: Session, application: Application) -> None:
    approve(session, application)
    sha256 = hash_now(session, application)
    for reason in ("", "  \n", "x" * (comments.LONGEST_TEXT + 1)):
        with pytest.raises(InputError):
            approval.decline(
                session, application, library(session), sha256=sha256, name="Casey Sample", reason=reason, now=LATER
            )
    approval.decline(
        session, application, library(session), sha256=sha256, name="Casey Sample", reason=" Ask counsel.\r\nTwice. ",
        now=LATER,
    )  # fmt: skip
    last = state(session, application)
    assert not last.is_approved
    assert last.is_current
    assert last.decision is not None
    assert (last.decision.kind, last.decision.reason) == ("declined", "Ask counsel.\nTwice.")
    assert "counsel" not in str(history.entries(session, application)[0]), "a purge need not look for it there"


def test_a_locked_application_takes_no_change_from_anybody(session: Session, application: Application) -> None:
    set_actor(session, APPROVER)
    assert approval.lock_application(session, application, library(session), now=LATER)
    assert not approval.lock_application(session, application, library(session), now=LATER)
    before = application.answers
    for act in (
        lambda: change(session, application, "agency.phone", "(727) 555-0199"),
        lambda: nominees.add_nominee(session, application, "dana", Nominee(full_name="Dana Lee"), now=LATER),
        lambda: nominees.remove_nominee(
            session, application, application.nominee_ids[0], version=application.version, now=LATER
        ),
        lambda: applications.save(session, application, Answers(), version=application.version, now=LATER),
        lambda: applications.delete(session, application, now=LATER),
    ):
        with pytest.raises(LockedApplicationError):
            act()
    assert application.answers == before
    assert approve(session, application).kind == "approved"
    assert locks.find_lock(session, application) == locks.ApplicationLock(who=APPROVER, at=LATER)
    assert approval.unlock_application(session, application, now=LATER)
    assert not approval.unlock_application(session, application, now=LATER)
    change(session, application, "agency.phone", "(727) 555-0199")
    assert [line.act for line in history.entries(session, application)[:4]] == [
        "changed", "unlocked", "approved", "locked",
    ]  # fmt: skip


def test_a_review_is_asked_for_once_and_finished_once(session: Session, application: Application) -> None:
    assert approval.ask_for_review(session, application, "Please look at the nominees.", now=NOW)
    assert not approval.ask_for_review(session, application, "Again.", now=NOW)
    request = approval.open_request(session, application)
    assert request is not None
    assert (request.who, request.note) == (PREPARER, "Please look at the nominees.")
    set_actor(session, REVIEWER)
    assert approval.finish_review(session, application, now=LATER)
    assert not approval.finish_review(session, application, now=LATER)
    assert approval.open_request(session, application) is None
    last = approval.last_request(session, application)
    assert last is not None
    assert (last.closed_by, last.closed_at) == (REVIEWER, LATER)
    assert [line.act for line in history.entries(session, application)[:2]] == ["review finished", "review asked"]


def test_a_comment_is_added_once_and_resolved_once(session: Session, application: Application) -> None:
    set_actor(session, REVIEWER)
    first = comments.add_comment(session, application, "agency.phone", " Is this right?\r\nI doubt it. ", now=NOW)
    assert comments.add_comment(session, application, "agency.phone", "Is this right?\nI doubt it.", now=NOW) == first
    with pytest.raises(InputError):
        comments.add_comment(session, application, "agency.phone", " ", now=NOW)
    set_actor(session, PREPARER)
    assert comments.resolve_comment(session, application, first, now=LATER)
    assert not comments.resolve_comment(session, application, first, now=LATER)
    (comment,) = comments.comments_on(session, application)
    assert (comment.path, comment.who, comment.resolved_by) == ("agency.phone", REVIEWER, PREPARER)
    assert comment.text == "Is this right?\nI doubt it."
    other = applications.create(session, application.agency_id, now=NOW)
    with pytest.raises(NotFoundError):
        comments.resolve_comment(session, other, first, now=LATER)
    assert "doubt" not in str(history.entries(session, application))


def test_a_copy_takes_no_comment_no_lock_and_no_approval_along(session: Session, application: Application) -> None:
    comments.add_comment(session, application, "agency.phone", "Is this right?", now=NOW)
    approval.lock_application(session, application, library(session), now=NOW)
    approve(session, application)
    copied = applications.copy(session, application, now=LATER)
    assert comments.comments_on(session, copied) == []
    assert locks.find_lock(session, copied) is None
    assert state(session, copied).decision is None


def test_a_purge_goes_through_a_lock_and_leaves_no_word(session: Session, application: Application) -> None:
    comments.add_comment(session, application, "nominees.dana", "Dana has left.", now=NOW)
    approval.ask_for_review(session, application, "Look at Dana.", now=NOW)
    sha256 = hash_now(session, application)
    approval.decline(
        session, application, library(session), sha256=sha256, name="Casey Sample", reason="Dana!", now=NOW
    )
    approval.lock_application(session, application, library(session), now=NOW)
    purge.purge_application(session, application, now=LATER)
    (comment,) = comments.comments_on(session, application)
    assert (comment.text, comment.purged_at, comment.who) == ("", LATER, PREPARER)
    last = state(session, application)
    assert last.decision is not None
    assert (last.decision.reason, last.decision.name, last.decision.sha256) == ("", "Casey Sample", sha256)
    assert approval.last_request(session, application).note == ""  # type: ignore[union-attr]  # it was asked for
    assert not last.is_current
    assert history.verify(session, application) == []


def test_a_deleted_application_keeps_no_discussion(session: Session, application: Application) -> None:
    comments.add_comment(session, application, "agency.phone", "Is this right?", now=NOW)
    approval.ask_for_review(session, application, "", now=NOW)
    approval.lock_application(session, application, library(session), now=NOW)
    approve(session, application)
    approval.unlock_application(session, application, now=NOW)
    applications.delete(session, application, now=LATER)
    for table in (CommentRow, ReviewRequestRow, ApplicationLockRow, DecisionRow):
        assert session.scalars(select(table)).all() == []
    assert history.verify(session, application) == []
