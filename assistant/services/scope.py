"""The one place where a query is limited to an agency: nobody reads or changes what belongs to another one.

Every statement about an application, or what belongs to one, goes through ``of_agency``. What an agency may not
see does not exist for it: the answer is ``NotFoundError`` in both cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Integer, Uuid, bindparam, select

from assistant.errors import NotFoundError
from assistant.storage.after_export_tables import SignedCopyRow
from assistant.storage.tables import Application, ExportRow

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import BindParameter, Select
    from sqlalchemy.orm import Session

OwnedRow = TypeVar("OwnedRow", ExportRow, SignedCopyRow)
NO_COPY = "There is no such signed copy. It may have been removed. Go to the list."
ScopedStatement = TypeVar("ScopedStatement", bound="Select[*tuple[Any, ...]]")


def of_agency(statement: ScopedStatement, agency_id: int | BindParameter[int]) -> ScopedStatement:
    """Return the statement, which reads from or joins ``applications``, limited to one agency's living applications."""
    return statement.where(Application.agency_id == agency_id, Application.deleted_at.is_(None))


# Built once: every request asks so, and building costs as much as asking.
_ONE = of_agency(select(Application), bindparam("agency_id", type_=Integer)).where(
    Application.public_id == bindparam("public_id", type_=Uuid)
)


def find_application(session: Session, agency_id: int, public_id: UUID) -> Application:
    """Return an application of this agency.

    Raises:
        NotFoundError: there is none of that id, or it is another agency's.
    """
    ids = {"agency_id": agency_id, "public_id": public_id}
    application = session.scalars(_ONE, ids).one_or_none()
    if application is None:
        raise NotFoundError("There is no such application. Choose one from the list.")
    return application


def find_export(session: Session, agency_id: int, public_id: UUID) -> ExportRow:
    """Return an export of one of this agency's applications.

    Raises:
        NotFoundError: there is none of that id, or it is another agency's.
    """
    return _find_owned(session, agency_id, ExportRow, public_id, "There is no such export. Choose one from the list.")


def find_signed_copy(session: Session, agency_id: int, public_id: UUID) -> SignedCopyRow:
    """Return a signed copy that belongs to one of this agency's applications, replaced or not.

    Raises:
        NotFoundError: there is none of that id, or it is another agency's.
    """
    return _find_owned(session, agency_id, SignedCopyRow, public_id, NO_COPY)


def _find_owned(session: Session, agency_id: int, table: type[OwnedRow], public_id: UUID, sentence: str) -> OwnedRow:
    """Return the row of that id in a table whose rows belong to applications."""
    statement = select(table).join(Application, Application.id == table.application_id)
    row = session.scalars(of_agency(statement, agency_id).where(table.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFoundError(sentence)
    return row
