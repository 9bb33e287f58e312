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
    statement = select(ExportRow).join(Application, Application.id == ExportRow.application_id)
    export = session.scalars(of_agency(statement, agency_id).where(ExportRow.public_id == public_id)).one_or_none()
    if export is None:
        raise NotFoundError("There is no such export. Choose one from the list.")
    return export


def find_signed_copy(session: Session, agency_id: int, public_id: UUID) -> SignedCopyRow:
    """Return a signed copy that belongs to one of this agency's applications, replaced or not.

    Raises:
        NotFoundError: there is none of that id, or it is another agency's.
    """
    statement = select(SignedCopyRow).join(Application, Application.id == SignedCopyRow.application_id)
    copy = session.scalars(of_agency(statement, agency_id).where(SignedCopyRow.public_id == public_id)).one_or_none()
    if copy is None:
        raise NotFoundError("There is no such signed copy. It may have been removed. Go to the list.")
    return copy
