"""Drafts of pages: sealed, found through their owner alone, gone when they should be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from assistant.errors import NotFoundError
from assistant.services.application import applications, nominees, page_drafts
from assistant.services.application.page_drafts import MAX_PER_PAGE, STORED_FOR, DraftOwner, DraftValues
from assistant.services.form_maps import form_drafts
from assistant.services.installation import purge
from assistant.storage.draft_tables import FormDraft, PageDraft
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application
    from tests.storage.conftest import Store

CANARY = "Canary Quetzalcoatl"
PAGE = "wizard.step slug=agency"


def typed(value: str = CANARY, number: int = 1) -> DraftValues:
    return DraftValues(fields={"agency-legal_name": [value]}, hidden={"version": ["1"]}, number=number)


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(PageDraft)).one()


@pytest.fixture
def owner(store: Store, public_id: UUID) -> DraftOwner:
    return DraftOwner(agency_id=store.agency_id, application=public_id)


@pytest.fixture
def application(session: Session, owner: DraftOwner) -> Application:
    assert owner.application is not None
    return applications.get(session, owner.agency_id, owner.application)


def keep(session: Session, owner: DraftOwner, **more: object) -> UUID:
    public_id = uuid4()
    values = {"page": PAGE, "values": typed(), "now": NOW, **more}
    page_drafts.store_draft(session, owner, public_id, **values)  # type: ignore[arg-type]
    return public_id


def test_a_draft_comes_back_as_it_was_typed(session: Session, owner: DraftOwner) -> None:
    kept = keep(session, owner)
    session.commit()
    found = page_drafts.drafts_of_page(session, owner, PAGE, now=NOW)
    assert [(one.public_id, one.values) for one in found] == [(kept, typed())]
    assert page_drafts.drafts_of_page(session, owner, "wizard.step slug=address", now=NOW) == []


def test_no_other_agency_sees_or_discards_it(store: Store, session: Session, owner: DraftOwner) -> None:
    kept = keep(session, owner)
    theirs = replace(owner, agency_id=store.other_agency_id)
    assert page_drafts.drafts_of_page(session, theirs, PAGE, now=NOW) == []
    with pytest.raises(NotFoundError):
        page_drafts.discard_drafts(session, theirs, [kept])
    with pytest.raises(NotFoundError):
        page_drafts.store_draft(session, theirs, kept, PAGE, typed("other"), now=NOW)
    assert page_drafts.drafts_of_page(session, owner, PAGE, now=NOW)[0].values == typed()


def test_an_id_of_another_page_or_application_is_refused(store: Store, session: Session, owner: DraftOwner) -> None:
    kept = keep(session, owner)
    other = applications.create(session, store.agency_id, now=NOW)
    others = DraftOwner(agency_id=store.agency_id, application=other.public_id)
    with pytest.raises(NotFoundError):
        page_drafts.store_draft(session, owner, kept, "wizard.step slug=address", typed(), now=NOW)
    with pytest.raises(NotFoundError):
        page_drafts.store_draft(session, others, kept, PAGE, typed(), now=NOW)
    assert page_drafts.discard_drafts(session, others, [kept]) is None
    assert count(session) == 1


def test_a_late_message_replaces_no_newer_one(session: Session, owner: DraftOwner) -> None:
    kept = uuid4()
    for value, number in (("first", 1), ("third", 3), ("second", 2)):
        page_drafts.store_draft(session, owner, kept, PAGE, typed(value, number), now=NOW)
    assert [one.values for one in page_drafts.drafts_of_page(session, owner, PAGE, now=NOW)] == [typed("third", 3)]


def test_nothing_changed_any_more_is_no_draft(session: Session, owner: DraftOwner) -> None:
    kept = uuid4()
    page_drafts.store_draft(session, owner, kept, PAGE, typed(), now=NOW)
    page_drafts.store_draft(
        session, owner, kept, PAGE, DraftValues(fields={}, hidden={"version": ["1"]}, number=2), now=NOW
    )
    assert count(session) == 0


def test_a_page_has_few_drafts_and_none_twice(session: Session, owner: DraftOwner) -> None:
    for number in range(MAX_PER_PAGE + 3):
        keep(session, owner, values=typed(f"name {number}"), now=NOW + timedelta(minutes=number))
    keep(session, owner, values=typed("name 7"), now=NOW + timedelta(minutes=9))
    found = page_drafts.drafts_of_page(session, owner, PAGE, now=NOW + timedelta(minutes=9))
    assert [one.values.fields["agency-legal_name"] for one in found] == [[f"name {n}"] for n in (7, 6, 5, 4, 3)]


def test_a_draft_is_gone_after_its_time(session: Session, owner: DraftOwner) -> None:
    keep(session, owner)
    session.commit()
    almost = NOW + STORED_FOR - timedelta(seconds=1)
    assert len(page_drafts.drafts_of_page(session, owner, PAGE, now=almost)) == 1
    assert page_drafts.drafts_of_page(session, owner, PAGE, now=NOW + STORED_FOR) == []
    assert count(session) == 1
    purge.purge(session, None, older_than=timedelta(days=9999), now=NOW + STORED_FOR)
    assert count(session) == 0


@pytest.mark.parametrize("act", ["deleted", "purged"])
def test_a_draft_goes_with_its_application(
    session: Session, owner: DraftOwner, application: Application, act: str
) -> None:
    keep(session, owner)
    if act == "deleted":
        applications.delete(session, application, now=NOW)
    else:
        purge.purge_application(session, application, now=NOW)
    session.commit()
    assert count(session) == 0


def test_a_nominee_that_is_removed_leaves_no_draft(
    session: Session, owner: DraftOwner, application: Application
) -> None:
    first, second = application.nominee_ids
    for one in (first, second):
        keep(session, owner, page=f"nominees.person nominee_id={one}")
        keep(session, owner, page=f"nominees.questions nominee_id={one}")
    keep(session, owner)
    nominees.remove_nominee(session, application, first, version=application.version, now=NOW)
    session.commit()
    left = session.scalars(select(PageDraft.page).order_by(PageDraft.page)).all()
    assert left == [f"nominees.person nominee_id={second}", f"nominees.questions nominee_id={second}", PAGE]


def test_a_draft_of_a_map_goes_with_the_map(store: Store, session: Session) -> None:
    row = FormDraft(
        public_id=uuid4(), agency_id=store.agency_id, name="made-up/2026-01-01", sha256="ab" * 32, size=4, data=b"form",
        map={}, version=1, made_at=NOW, changed_at=NOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    owner = DraftOwner(agency_id=store.agency_id, form_map=row.public_id)
    kept = keep(session, owner, page="mapping.page number=1")
    session.commit()
    assert page_drafts.drafts_of_page(session, owner, "mapping.page number=1", now=NOW)[0].public_id == kept
    assert page_drafts.drafts_of_page(session, owner, PAGE, now=NOW) == []
    with pytest.raises(NotFoundError):
        page_drafts.discard_drafts(session, replace(owner, agency_id=store.other_agency_id), [kept])
    session.expunge_all()
    found = session.scalars(select(FormDraft)).one()
    form_drafts.remove(session, type("Opened", (), {"row": found})())
    session.commit()
    assert count(session) == 0


def test_raw_bytes_hold_nothing_that_was_typed(sqlite_store: Store) -> None:
    with sqlite_store.write() as session:
        row = applications.create(session, sqlite_store.agency_id, now=NOW)
        owner = DraftOwner(agency_id=sqlite_store.agency_id, application=row.public_id)
        keep(session, owner)
        session.commit()
        assert page_drafts.drafts_of_page(session, owner, PAGE, now=NOW)[0].values == typed()
    assert b"wizard.step slug=agency" in sqlite_store.raw_bytes()
    assert CANARY.encode() not in sqlite_store.raw_bytes()
