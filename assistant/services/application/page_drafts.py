"""What somebody typed on a page and left without saving: kept sealed, offered back on that page, gone in a week.

A draft belongs to one application, or to the map of one form, and is found through it alone, so that no agency sees
another one's. Where people sign in, it also says, sealed, who typed it: nobody else is offered it or lets it go by
saving. What a page may send is the business of ``web``. Nothing here commits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Uuid, bindparam, delete, select
from sqlalchemy.exc import IntegrityError

from assistant.errors import NotFoundError
from assistant.services.scope import of_agency
from assistant.storage.draft_tables import FormDraft, PageDraft
from assistant.storage.tables import Application

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import BindParameter, ColumnElement, Select
    from sqlalchemy.orm import Session

STORED_FOR = timedelta(days=7)
MAX_PER_PAGE = 5
"""How many drafts of one page are kept; the oldest make room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOwner:
    """To what a draft belongs: an application of an agency, or the map of a form; exactly one of the two is named.

    ``who`` is the public id of the person who types; "" without accounts: then all drafts are one person's.
    """

    agency_id: int
    who: str = ""
    application: UUID | None = None
    form_map: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftValues:
    """What was typed: the fields that were changed, and the hidden fields that say what the page was made from.

    ``number`` counts the times one page sent what was typed, so that a late message never replaces a newer one.
    ``incomplete`` says that something was typed that this program never keeps. ``who`` is the public id of the person
    who typed it; "" without accounts.
    """

    fields: Mapping[str, Sequence[str]]
    hidden: Mapping[str, Sequence[str]]
    number: int = 0
    incomplete: bool = False
    who: str = ""

    def to_text(self) -> str:
        """Return it as a JSON document."""
        document = {
            "fields": {name: list(values) for name, values in self.fields.items()},
            "hidden": {name: list(values) for name, values in self.hidden.items()},
            "number": self.number,
            "incomplete": self.incomplete,
            "who": self.who,
        }
        return json.dumps(document, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> DraftValues:
        """Return what ``to_text`` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPageDraft:
    """A draft of a page, with or without what was typed opened."""

    public_id: UUID
    page: str
    typed_at: datetime
    row: PageDraft

    @property
    def stored_until(self) -> datetime:
        """Return when it is forgotten."""
        return self.typed_at + STORED_FOR

    @property
    def values(self) -> DraftValues:
        """Return what was typed, opened."""
        return DraftValues.from_text(self.row.typed)


def find_owner(session: Session, owner: DraftOwner) -> tuple[int | None, int | None]:
    """Return the ids of an owner's row, (application, form draft): one of them is None.

    Raises:
        NotFoundError: there is no such row, or it is another agency's.
    """
    if owner.application is not None:
        mine = of_agency(select(Application.id), owner.agency_id).where(Application.public_id == owner.application)
    else:
        mine = select(FormDraft.id).where(FormDraft.agency_id == owner.agency_id, FormDraft.public_id == owner.form_map)
    row_id = session.scalars(mine).one_or_none()
    if row_id is None:
        raise NotFoundError("There is no such page.")
    return (row_id, None) if owner.application is not None else (None, row_id)


def store_draft(
    session: Session, owner: DraftOwner, public_id: UUID, page: str, values: DraftValues, *, now: datetime
) -> None:
    """Keep what was typed on a page under the id that the page chose, in place of what it sent before.

    Where nothing was changed, the draft goes. Drafts past their time go as well, whoever's they are.

    Raises:
        NotFoundError: there is no such application or map, or the id belongs to another page or another person.
    """
    ids, values = find_owner(session, owner), replace(values, who=owner.who)
    forget_old(session, now=now)
    row = _find_row(session, public_id)
    if row is not None and not _is_at(row, owner, ids, page):
        raise NotFoundError("There is no such page.")
    if not values.fields:
        if row is not None:
            session.delete(row)
        session.flush()
        return
    if row is None:
        row = _add_row(session, public_id, ids, page, values, owner=owner, now=now)
    if _opened(row).values.number <= values.number:
        row.typed_at, row.typed = now, values.to_text()
    session.flush()
    _drop_others(session, row, ids)


def drafts_of_page(session: Session, owner: DraftOwner, page: str, *, now: datetime) -> list[StoredPageDraft]:
    """Return the drafts of a page that this person typed, newest first."""
    statement = _NEWEST_OF_APPLICATION if owner.application is not None else _NEWEST_OF_MAP
    owner_id = owner.application or owner.form_map
    values = {"agency": owner.agency_id, "owner": owner_id, "page": page, "since": now - STORED_FOR}
    return [_opened(row) for row in session.scalars(statement, values) if _is_mine(row, owner)]


def discard_drafts(session: Session, owner: DraftOwner, public_ids: Collection[UUID]) -> str | None:
    """Let drafts go; return the page of one of them, None where there is none. Another owner's or person's stay.

    Raises:
        NotFoundError: there is no such application or map.
    """
    find_owner(session, owner)
    return discard_saved_drafts(session, owner, public_ids)


def discard_saved_drafts(session: Session, owner: DraftOwner, public_ids: Collection[UUID]) -> str | None:
    """Let drafts go as ``discard_drafts`` does; nothing happens where the application or the map is gone."""
    statement = _OF_APPLICATION_BY_ID if owner.application is not None else _OF_MAP_BY_ID
    owner_id = owner.application or owner.form_map
    values = {"agency": owner.agency_id, "owner": owner_id, "ids": list(public_ids)}
    rows = [row for row in session.scalars(statement, values).all() if _is_mine(row, owner)]
    page = rows[0].page if rows else None
    if rows:
        session.execute(delete(PageDraft).where(PageDraft.id.in_([row.id for row in rows])))
    return page


def drop_drafts(session: Session, application: Application) -> None:
    """Let go of every draft of an application."""
    session.execute(delete(PageDraft).where(PageDraft.application_id == application.id))


def drop_nominee_drafts(session: Session, application: Application, nominee_id: str) -> None:
    """Let go of every draft of the pages about one nominee."""
    pages = PageDraft.page.like(f"nominees.% nominee\\_id={nominee_id}", escape="\\")
    session.execute(delete(PageDraft).where(PageDraft.application_id == application.id, pages))


def forget_old(session: Session, *, now: datetime) -> None:
    """Let go of the drafts past their time, whoever's they are."""
    session.execute(delete(PageDraft).where(PageDraft.typed_at <= now - STORED_FOR))


def _opened(row: PageDraft) -> StoredPageDraft:
    return StoredPageDraft(public_id=row.public_id, page=row.page, typed_at=row.typed_at, row=row)


def _is_mine(row: PageDraft, owner: DraftOwner) -> bool:
    """Say whether this person typed a draft, or nobody in particular did."""
    return not owner.who or _opened(row).values.who in {"", owner.who}


def _is_at(row: PageDraft, owner: DraftOwner, ids: tuple[int | None, int | None], page: str) -> bool:
    return (row.application_id, row.form_draft_id, row.page) == (*ids, page) and _is_mine(row, owner)


def _find_row(session: Session, public_id: UUID) -> PageDraft | None:
    statement = select(PageDraft).where(PageDraft.public_id == public_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def _add_row(
    session: Session,
    public_id: UUID,
    ids: tuple[int | None, int | None],
    page: str,
    values: DraftValues,
    *,
    owner: DraftOwner,
    now: datetime,
) -> PageDraft:
    """Return the row of a page, which another message of the same page may have made a moment ago."""
    try:
        with session.begin_nested(), session.no_autoflush:
            row = PageDraft(public_id=public_id, application_id=ids[0], form_draft_id=ids[1], page=page, typed_at=now)
            session.add(row)
            row.typed = values.to_text()
            session.flush()
    except IntegrityError:
        existing = _find_row(session, public_id)
        if existing is None or not _is_at(existing, owner, ids, page):
            raise NotFoundError("There is no such page.") from None
        return existing
    return row


def _drop_others(session: Session, row: PageDraft, ids: tuple[int | None, int | None]) -> None:
    """Drop what the page need not offer a person beside a draft: others that say the same, the oldest of too many."""
    others = select(PageDraft).where(*_of_ids(ids), PageDraft.page == row.page, PageDraft.id != row.id)
    fields, who = _opened(row).values.fields, _opened(row).values.who
    rows = session.scalars(others.order_by(PageDraft.typed_at.desc(), PageDraft.id.desc())).all()
    newest = [other for other in rows if _opened(other).values.who == who]
    different = [other for other in newest if _opened(other).values.fields != fields]
    for other in {*newest} - {*different[: MAX_PER_PAGE - 1]}:
        session.delete(other)
    session.flush()


def _of_ids(ids: tuple[int | None, int | None]) -> list[ColumnElement[bool]]:
    return [PageDraft.application_id == ids[0], PageDraft.form_draft_id == ids[1]]


def _of_owner(owner: DraftOwner) -> Select[PageDraft]:
    if owner.application is not None:
        return _of_application(owner.agency_id, owner.application)
    return _of_map(owner.agency_id, owner.form_map)


def _of_application(agency_id: int | BindParameter[int], public_id: UUID | BindParameter[UUID]) -> Select[PageDraft]:
    joined = select(PageDraft).join(Application, Application.id == PageDraft.application_id)
    return of_agency(joined, agency_id).where(Application.public_id == public_id)


def _of_map(agency_id: int | BindParameter[int], public_id: UUID | BindParameter[UUID] | None) -> Select[PageDraft]:
    joined = select(PageDraft).join(FormDraft, FormDraft.id == PageDraft.form_draft_id)
    return joined.where(FormDraft.agency_id == agency_id, FormDraft.public_id == public_id)


def _newest(drafts: Select[PageDraft]) -> Select[PageDraft]:
    of_page = drafts.where(PageDraft.page == bindparam("page"), PageDraft.typed_at > bindparam("since"))
    return of_page.order_by(PageDraft.typed_at.desc(), PageDraft.id.desc())


def _by_id(statement: Select[PageDraft]) -> Select[PageDraft]:
    """Return the statement that finds drafts by their public ids."""
    return statement.where(PageDraft.public_id.in_(bindparam("ids", type_=Uuid, expanding=True)))


# Built once: every page of the wizard asks so, and building costs more than asking.
_AGENCY, _OWNER = bindparam("agency", type_=Integer), bindparam("owner", type_=Uuid)
_NEWEST_OF_APPLICATION = _newest(_of_application(_AGENCY, _OWNER))
_NEWEST_OF_MAP = _newest(_of_map(_AGENCY, _OWNER))
_OF_APPLICATION_BY_ID = _by_id(_of_application(_AGENCY, _OWNER))
_OF_MAP_BY_ID = _by_id(_of_map(_AGENCY, _OWNER))
