"""One's own account: sign-ins listed and ended, a new password, the agency to work for."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.errors import InputError, NotFoundError
from assistant.services.accounts import passwords, people, sign_in
from assistant.services.accounts.roles import ROLE_WORDS, ROLES
from assistant.web.accounts.counted_password import check_password
from assistant.web.accounts.gate import current_sign_in, give_token
from assistant.web.kit.context import commit, db, now, person
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.idle_lock import own_address
from assistant.web.kit.page_errors import PageError

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.services.accounts.roles import SignedInPerson
    from assistant.storage.account_tables import PersonRow

WRONG = "This is not your password, or your account is locked. Check it, and try again."

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show who is signed in, with which roles, and where else."""
    account = _own_account()
    roles = cast("SignedInPerson", person()).roles
    return render_template(
        "accounts/account.html",
        email=account.email,
        roles=[ROLE_WORDS[role] for role in ROLES if role in roles],
        sign_ins=sign_in.list_sign_ins(db(), account, now=now()),
        own_id=current_sign_in().public_id,
        several=len(people.agencies_of(db(), account)) > 1,
    )


@bp.post("/sign-ins/<uuid:sign_in_id>/end")
def end(sign_in_id: UUID) -> ResponseReturnValue:
    """End one of one's own sign-ins."""
    lines = sign_in.list_sign_ins(db(), _own_account(), now=now())
    if sign_in_id not in {line.public_id for line in lines}:
        raise NotFoundError("This sign-in has ended already. Go to your account.")
    sign_in.end_sign_in(db(), sign_in_id, now=now())
    commit()
    return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)


@bp.post("/sign-ins/end-others")
def end_others() -> ResponseReturnValue:
    """End all of one's own sign-ins but this one."""
    people.end_sign_ins(db(), _own_account(), now=now(), but=current_sign_in().public_id)
    commit()
    return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)


@bp.route("/password", methods=["GET", "POST"])
@reshow_on_csrf_failure
def password() -> ResponseReturnValue:
    """Change one's own password; all other sign-ins end, and this one gets a new token."""
    errors: list[PageError] = []
    if csrf_failed():
        errors = [PageError(message=SENTENCE, id="current")]
    elif request.method == "POST":
        errors = _change_password()
        if not errors:
            return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)
    page = render_template("accounts/password.html", errors=errors, least=passwords.LEAST_LETTERS)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


@bp.route("/agency", methods=["GET", "POST"])
@reshow_on_csrf_failure
def agency() -> ResponseReturnValue:
    """Choose the agency to work for, where a person belongs to several."""
    agencies = people.agencies_of(db(), _own_account())
    errors = []
    if csrf_failed():
        errors = [PageError(message=SENTENCE)]
    elif request.method == "POST":
        agency_row = next((one for one in agencies if str(one.public_id) == request.form.get("agency", "")), None)
        if agency_row is not None:
            give_token(sign_in.choose_agency(db(), current_sign_in().public_id, agency_row.id))
            commit()
            return redirect(own_address(""), HTTPStatus.SEE_OTHER)
        errors = [PageError(message="Choose an agency.", id=f"agency-{agencies[0].public_id}" if agencies else "")]
    page = render_template("accounts/agency.html", errors=errors, agencies=agencies)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _own_account() -> PersonRow:
    return people.get_account(db(), current_sign_in().person.public_id)


def _change_password() -> list[PageError]:
    """Return what is wrong with the form, or nothing where the password is changed."""
    account, new = _own_account(), request.form.get("password", "")
    email, name = account.email, account.name
    # The tries are counted in a transaction of their own, which must not wait for this one.
    db().rollback()
    try:
        passwords.refuse_weak_password(new, (email, name))
    except InputError as error:
        return [PageError(message=str(error), id="password")]
    if new != request.form.get("again", ""):
        return [PageError(message="The two passwords are not the same. Type both again.", id="again")]
    account_now = check_password(email, request.form.get("current", ""))
    if account_now is None:
        commit()
        return [PageError(message=WRONG, id="current")]
    account_now.password = passwords.hash_password(new)
    own = current_sign_in().public_id
    people.end_sign_ins(db(), account_now, now=now(), but=own)
    give_token(sign_in.renew_token(db(), own))
    commit()
    return []
