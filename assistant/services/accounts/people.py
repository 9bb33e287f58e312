"""People who have accounts, and their roles in agencies."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, func, select, update

from assistant.errors import BlockedError, InputError, NotFoundError
from assistant.services.accounts.roles import ROLES
from assistant.services.installation.agencies import LOCAL_NAME, create_agency
from assistant.storage.account_tables import MembershipRow, PersonRow, SetupLinkRow, SignInRow, SignInTryRow
from assistant.storage.tables import KEYRING, AgencyRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

MOST_EMAIL, MOST_NAME = 254, 200
"""Characters of an e-mail address (RFC 5321, 4.5.3.1) and of a name."""
TOO_LONG = f"An e-mail address has at most {MOST_EMAIL} characters. Check it."
NO_PERSON = "There is no such person in this agency. Choose one from the list."
NO_ACCOUNT = "There is no account with this e-mail address. Run `moa user list` to see the accounts."
LAST = (
    "This agency would have no administrator left. Give someone else the role of administrator first, then try again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in the list of an agency; ``state`` is "active", "set-up", "locked" or "disabled"."""

    public_id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    state: str
    only_here: bool
    """Whether this is the person's only agency, so that its administrator may manage the account as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An account in the list of the installation, with its roles by the agency's name."""

    email: str
    name: str
    state: str
    agencies: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerAgency:
    """The agency that an account is made for; ``took_over`` where it was the one of single mode until now."""

    row: AgencyRow
    is_new: bool
    took_over: bool


def read_email(text: str) -> str:
    """Return an e-mail address as accounts are looked up by it: in small letters.

    Raises:
        InputError: it is no e-mail address.
    """
    if len(text) > MOST_EMAIL:  # before anything reads it: a text of megabytes costs seconds
        raise InputError(TOO_LONG)
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        address = validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise InputError("This is not an e-mail address. Check it, for example name@agency.gov.") from None
    if len(address) > MOST_EMAIL:
        raise InputError(TOO_LONG)
    return address.lower()


def email_digest(session: Session, address: str) -> bytes:
    """Return the keyed digest by which an address is looked up; whoever has the database alone cannot guess it."""
    digest: bytes = session.info[KEYRING].sign(b"e-mail address of an account", address.encode("utf-8", "replace"))
    return digest


def find_person(session: Session, email: str) -> PersonRow | None:
    """Return the person whose account has this e-mail address, None where there is none."""
    try:
        address = read_email(email)
    except InputError:
        return None
    return session.scalars(
        select(PersonRow).where(PersonRow.email_digest == email_digest(session, address))
    ).one_or_none()


def get_person(session: Session, email: str) -> PersonRow:
    """Return the person whose account has this e-mail address.

    Raises:
        InputError: there is no such account.
    """
    person = find_person(session, email)
    if person is None:
        raise InputError(NO_ACCOUNT)
    return person


def get_account(session: Session, public_id: UUID) -> PersonRow:
    """Return the account of a person who is signed in."""
    return session.scalars(select(PersonRow).where(PersonRow.public_id == public_id)).one()


def get_member(session: Session, agency_id: int, public_id: UUID) -> PersonRow:
    """Return a person who has a role in this agency.

    Raises:
        NotFoundError: there is no such person, or only in other agencies.
    """
    is_member = select(MembershipRow.person_id).where(MembershipRow.agency_id == agency_id)
    person = session.scalars(
        select(PersonRow).where(PersonRow.public_id == public_id, PersonRow.id.in_(is_member))
    ).one_or_none()
    if person is None:
        raise NotFoundError(NO_PERSON)
    return person


def add_person(session: Session, *, email: str, name: str, now: datetime) -> PersonRow:
    """Return the account of this e-mail address, made where there is none; it has no password yet.

    Raises:
        InputError: it is no e-mail address, or the name is too long.
    """
    address = read_email(email)
    if len(name) > MOST_NAME:
        raise InputError(f"Shorten the name to {MOST_NAME} characters.")
    person = find_person(session, address)
    if person is not None:
        return person
    person = PersonRow(public_id=uuid4(), email_digest=email_digest(session, address), code_step=0, created_at=now)
    session.add(person)
    person.email, person.name, person.password, person.code_secret = address, name.strip(), "", ""
    session.flush()
    return person


def roles_of(session: Session, person: PersonRow, agency_id: int) -> frozenset[str]:
    """Return the roles of a person in an agency."""
    statement = select(MembershipRow.role).where(
        MembershipRow.person_id == person.id, MembershipRow.agency_id == agency_id
    )
    return frozenset(session.scalars(statement))


def agencies_of(session: Session, person: PersonRow) -> list[AgencyRow]:
    """Return the agencies in which a person has a role, in the order in which they were made."""
    member_of = select(MembershipRow.agency_id).where(MembershipRow.person_id == person.id)
    return list(session.scalars(select(AgencyRow).where(AgencyRow.id.in_(member_of)).order_by(AgencyRow.id)))


def belongs_elsewhere(session: Session, person: PersonRow, agency_id: int) -> bool:
    """Say whether a person has a role in any agency but this one."""
    statement = select(MembershipRow.id).where(
        MembershipRow.person_id == person.id, MembershipRow.agency_id != agency_id
    )
    return session.scalar(statement.limit(1)) is not None


def set_roles(session: Session, person: PersonRow, agency_id: int, roles: Iterable[str], *, now: datetime) -> bool:
    """Give a person exactly these roles in an agency, none to take the person out; say whether anything changed.

    Where it changed, the person's sign-ins in that agency end, so that no token outlives the roles it was made for.
    With the first role in an agency the person's links end too: whoever holds one from before does not get this agency.

    Raises:
        InputError: there is no such role.
        BlockedError: the agency would have no administrator left.
    """
    new_roles, today = frozenset(roles), roles_of(session, person, agency_id)
    if unknown := sorted(new_roles - ROLES.keys()):
        raise InputError(f"There is no role {unknown[0]}. Choose from {', '.join(ROLES)}.")
    if new_roles == today:
        return False
    if "administrator" in today - new_roles:
        _refuse_last(session, person, agency_id)
    if not today:
        end_links(session, person, now=now)
    for role in sorted(new_roles - today):
        session.add(MembershipRow(person_id=person.id, agency_id=agency_id, role=role, created_at=now))
    role_rows = select(MembershipRow).where(MembershipRow.person_id == person.id, MembershipRow.agency_id == agency_id)
    for row in session.scalars(role_rows).all():
        if row.role not in new_roles:
            session.delete(row)
    session.execute(
        update(SignInRow)
        .where(SignInRow.person_id == person.id, SignInRow.agency_id == agency_id, SignInRow.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.flush()
    return True


def disable_person(session: Session, person: PersonRow, *, now: datetime) -> None:
    """Disable an account and end its sign-ins.

    Raises:
        BlockedError: an agency would have no administrator left.
    """
    administers = select(MembershipRow.agency_id).where(
        MembershipRow.person_id == person.id, MembershipRow.role == "administrator"
    )
    for agency_id in session.scalars(administers).all():
        _refuse_last(session, person, agency_id)
    person.disabled_at = now
    end_sign_ins(session, person, now=now)


def unlock_person(session: Session, person: PersonRow) -> None:
    """Release an account that wrong tries have locked, and count them no longer."""
    person.locked_at = None
    session.execute(delete(SignInTryRow).where(SignInTryRow.subject == person.email_digest))
    session.flush()


def end_sign_ins(session: Session, person: PersonRow, *, now: datetime, but: UUID | None = None) -> None:
    """End all sign-ins of a person, but the one of this public id."""
    statement = update(SignInRow).where(SignInRow.person_id == person.id, SignInRow.ended_at.is_(None))
    if but is not None:
        statement = statement.where(SignInRow.public_id != but)
    session.execute(statement.values(ended_at=now))
    session.flush()


def end_links(session: Session, person: PersonRow, *, now: datetime) -> None:
    """End every link of a person to set up the account or to reset it that is still open."""
    session.execute(
        update(SetupLinkRow)
        .where(SetupLinkRow.person_id == person.id, SetupLinkRow.used_at.is_(None))
        .values(used_at=now)
    )


def list_members(session: Session, agency_id: int) -> list[Member]:
    """Return the people who have a role in an agency, in the order of their names."""
    rows = session.execute(
        select(PersonRow, MembershipRow.role)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.agency_id == agency_id)
    ).all()
    elsewhere = frozenset(session.scalars(select(MembershipRow.person_id).where(MembershipRow.agency_id != agency_id)))
    people = {person.id: person for person, _ in rows}
    roles = {number: [role for person, role in rows if person.id == number] for number in people}
    members = [
        Member(
            public_id=person.public_id,
            name=person.name,
            email=person.email,
            roles=tuple(role for role in ROLES if role in roles[person.id]),
            state=state_of(person),
            only_here=person.id not in elsewhere,
        )
        for person in people.values()
    ]
    return sorted(members, key=lambda member: (member.name.casefold(), member.email))


def state_of(person: PersonRow) -> str:
    """Return "disabled", "locked", "set-up" (it has no password yet) or "active"."""
    if person.disabled_at is not None:
        return "disabled"
    if person.locked_at is not None:
        return "locked"
    return "active" if person.password else "set-up"


def has_administrator(session: Session) -> bool:
    """Say whether any agency of this installation has an administrator whose account is not disabled."""
    statement = (
        select(func.count())
        .select_from(MembershipRow)
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .where(MembershipRow.role == "administrator", PersonRow.disabled_at.is_(None))
    )
    return bool(session.scalar(statement))


def find_agency(session: Session, name: str) -> AgencyRow | None:
    """Return the agency of this name, None where there is none. Names are sealed, so each is opened."""
    folded_name = " ".join(name.split()).casefold()
    rows = session.scalars(select(AgencyRow).order_by(AgencyRow.id))
    return next((row for row in rows if " ".join(row.name.split()).casefold() == folded_name), None)


def agency_for(session: Session, name: str, *, now: datetime) -> OwnerAgency:
    """Return the agency of this name, made where there is none.

    Before anybody has an account, the one agency of single mode takes the name, so that its applications come along.

    Raises:
        InputError: the name is empty or too long.
    """
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME:
        raise InputError(f"Give the agency's name, at most {MOST_NAME} characters.")
    row = find_agency(session, name)
    if row is not None:
        return OwnerAgency(row=row, is_new=False, took_over=False)
    agencies = session.scalars(select(AgencyRow)).all()
    if len(agencies) == 1 and agencies[0].name == LOCAL_NAME and not session.scalar(select(func.count(PersonRow.id))):
        agencies[0].name = name
        session.flush()
        return OwnerAgency(row=agencies[0], is_new=True, took_over=True)
    return OwnerAgency(row=create_agency(session, name, now=now), is_new=True, took_over=False)


def list_accounts(session: Session) -> list[AccountLine]:
    """Return every account of the installation, in the order of the addresses."""
    names = {row.id: row.name for row in session.scalars(select(AgencyRow))}
    roles: dict[int, dict[int, list[str]]] = {}
    for row in session.scalars(select(MembershipRow).order_by(MembershipRow.agency_id)):
        roles.setdefault(row.person_id, {}).setdefault(row.agency_id, []).append(row.role)
    lines = [
        AccountLine(
            email=person.email,
            name=person.name,
            state=state_of(person),
            agencies=tuple(
                (names[number], tuple(role for role in ROLES if role in agency_roles))
                for number, agency_roles in roles.get(person.id, {}).items()
            ),
        )
        for person in session.scalars(select(PersonRow))
    ]
    return sorted(lines, key=lambda line: line.email)


def _refuse_last(session: Session, person: PersonRow, agency_id: int) -> None:
    others = (
        select(func.count())
        .select_from(MembershipRow)
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .where(
            MembershipRow.agency_id == agency_id,
            MembershipRow.role == "administrator",
            MembershipRow.person_id != person.id,
            PersonRow.disabled_at.is_(None),
        )
    )
    if not session.scalar(others):
        raise BlockedError(LAST)
