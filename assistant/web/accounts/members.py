"""The people of an agency, for its administrator: invite, change roles, unlock, disable, new link."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.errors import BlockedError, InputError
from assistant.services.accounts import people, setup_links
from assistant.services.accounts.roles import ROLE_WORDS, ROLES
from assistant.web.kit.context import agency_id, commit, db, now, parts, who
from assistant.web.kit.error_pages import fault_page
from assistant.web.kit.page_errors import PageError

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

STATE_WORDS = {
    "active": "Can sign in",
    "set-up": "Has not set up the account",
    "locked": "Locked after five wrong tries",
    "disabled": "Disabled",
}
ELSEWHERE = (
    "This person also belongs to another agency, so one agency alone cannot do this. Ask whoever runs this "
    "installation: `moa user` does it."
)
NOT_BY_PAGE = "This person cannot be added on this page. Ask whoever runs this installation to add this person."
"""One sentence for every account of another agency, set up or not, so that it tells nothing of that agency."""

bp = Blueprint("members", __name__, url_prefix="/people")


@bp.get("/")
def listing() -> ResponseReturnValue:
    """Show the people of the agency, and a form to invite one more."""
    return _list()


@bp.post("/invite")
def invite() -> ResponseReturnValue:
    """Give a person roles in this agency; one without an account gets a link, which is shown once.

    An account of another agency is left to ``moa user add``: a link for it would open that agency too.
    """
    email, name = request.form.get("email", ""), request.form.get("name", "").strip()
    roles = request.form.getlist("role")
    if not roles:
        return _list([PageError(message="Choose at least one role.", id=f"role-{next(iter(ROLES))}")])
    try:
        account = people.add_person(db(), email=email, name=name, now=now())
        if people.roles_of(db(), account, agency_id()):
            return _list([PageError(message="This person is in the list already. Change the roles there.", id="email")])
        if people.belongs_elsewhere(db(), account, agency_id()):
            return _list([PageError(message=NOT_BY_PAGE, id="email")])
        people.set_roles(db(), account, agency_id(), roles, now=now())
    except InputError as error:
        return _list([PageError(message=str(error), id="email")])
    disabled, person_id = account.disabled_at is not None, account.public_id
    token = "" if account.password or disabled else setup_links.make_link(db(), account, now=now())
    address, email = _address_of_link(token) if token else "", account.email
    commit()
    _log("person invited", person_id)
    page = _page_of(person_id) if disabled else ""
    return render_template("accounts/link.html", address=address, email=email, page=page)


@bp.get("/<uuid:person_id>/")
def show(person_id: UUID) -> ResponseReturnValue:
    """Show one person and what can be changed."""
    return _show(person_id)


@bp.post("/<uuid:person_id>/roles")
def roles(person_id: UUID) -> ResponseReturnValue:
    """Change a person's roles; with none ticked the person leaves the agency. Their sign-ins here end."""
    account = people.get_member(db(), agency_id(), person_id)
    new_roles = [] if request.form.get("go") == "leave" else request.form.getlist("role")
    if not new_roles and request.form.get("go") != "leave":
        db().rollback()
        return _show(person_id, [PageError(message="Choose at least one role.", id=f"role-{next(iter(ROLES))}")])
    try:
        people.set_roles(db(), account, agency_id(), new_roles, now=now())
    except (BlockedError, InputError) as error:
        db().rollback()
        return _show(person_id, [PageError(message=str(error), id=f"role-{next(iter(ROLES))}")])
    commit()
    _log("roles changed", person_id)
    return redirect(url_for("members.listing"), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:person_id>/disable")
def disable(person_id: UUID) -> ResponseReturnValue:
    """Disable an account; its sign-ins end at once."""
    account = people.get_member(db(), agency_id(), person_id)
    if not _is_only_here(person_id):
        return fault_page(HTTPStatus.UNPROCESSABLE_ENTITY, ELSEWHERE, back=_page_of(person_id), title="Not done")
    people.disable_person(db(), account, now=now())
    commit()
    _log("account disabled", person_id)
    return redirect(url_for("members.listing"), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:person_id>/unlock")
def unlock(person_id: UUID) -> ResponseReturnValue:
    """Release an account that wrong tries have locked."""
    account = people.get_member(db(), agency_id(), person_id)
    if not _is_only_here(person_id):
        return fault_page(HTTPStatus.UNPROCESSABLE_ENTITY, ELSEWHERE, back=_page_of(person_id), title="Not done")
    people.unlock_person(db(), account)
    commit()
    _log("account unlocked", person_id)
    return redirect(_page_of(person_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:person_id>/link")
def reset(person_id: UUID) -> ResponseReturnValue:
    """Make a link for a new password and a new code app; it is shown once."""
    account = people.get_member(db(), agency_id(), person_id)
    if not _is_only_here(person_id):
        return fault_page(HTTPStatus.UNPROCESSABLE_ENTITY, ELSEWHERE, back=_page_of(person_id), title="Not done")
    address, email = _address_of_link(setup_links.make_link(db(), account, now=now())), account.email
    account.disabled_at = None
    commit()
    _log("link made", person_id)
    return render_template("accounts/link.html", address=address, email=email)


def _list(errors: list[PageError] | None = None) -> ResponseReturnValue:
    if errors:
        db().rollback()
    page = render_template(
        "accounts/people.html",
        errors=errors or [],
        members=people.list_members(db(), agency_id()),
        state_words=STATE_WORDS,
        role_words={role: ROLE_WORDS[role] for role in ROLES},
        ticked=request.form.getlist("role"),
        email=request.form.get("email", "")[:254],
        name=request.form.get("name", "")[:200],
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _show(person_id: UUID, errors: list[PageError] | None = None) -> ResponseReturnValue:
    people.get_member(db(), agency_id(), person_id)
    member = next(one for one in people.list_members(db(), agency_id()) if one.public_id == person_id)
    page = render_template(
        "accounts/person.html",
        errors=errors or [],
        member=member,
        state_words=STATE_WORDS,
        role_words={role: ROLE_WORDS[role] for role in ROLES},
        elsewhere=ELSEWHERE,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _is_only_here(person_id: UUID) -> bool:
    return any(one.public_id == person_id and one.only_here for one in people.list_members(db(), agency_id()))


def _page_of(person_id: UUID) -> str:
    return url_for("members.show", person_id=person_id)


def _address_of_link(token: str) -> str:
    return url_for("set_up.show", token=token, _external=True)


def _log(event: str, person_id: UUID) -> None:
    parts().log.info(event, by=who(), person=str(person_id), agency=agency_id())
