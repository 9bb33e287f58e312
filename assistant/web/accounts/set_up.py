"""The page of a one-time link: name, password, and the app that makes one-time codes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from assistant.documents.code_picture import code_png
from assistant.errors import InputError
from assistant.services.accounts import one_time_codes, passwords, setup_links
from assistant.services.accounts.people import MOST_NAME
from assistant.web.kit.context import commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.error_pages import fault_page
from assistant.web.kit.page_errors import PageError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from assistant.storage.account_tables import PersonRow

GONE_TITLE = "This link no longer works"

bp = Blueprint("set_up", __name__)


@bp.route("/set-up/<token>", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show(token: str) -> ResponseReturnValue:
    """Ask for name, password and a first code; show recovery codes once where they are right."""
    person = setup_links.person_of_link(db(), token, now=now())
    if person is None:
        return fault_page(HTTPStatus.NOT_FOUND, setup_links.LINK_IS_OVER, title=GONE_TITLE)
    errors: list[PageError] = []
    if csrf_failed():
        errors = [PageError(message=SENTENCE, id="name")]
    elif request.method == "POST":
        errors, codes = _set_up(token, person)
        if not errors:
            return render_template("accounts/recovery-codes.html", codes=codes)
    secret = one_time_codes.secret_for_link(db(), token)
    page = render_template(
        "accounts/set-up.html",
        errors=errors,
        token=token,
        email=person.email,
        name=request.form.get("name", person.name)[:MOST_NAME],
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        least=passwords.LEAST_LETTERS,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


@bp.get("/set-up/<token>/code.png")
def picture(token: str) -> ResponseReturnValue:
    """Send the picture that the app reads."""
    person = setup_links.person_of_link(db(), token, now=now())
    if person is None:
        return fault_page(HTTPStatus.NOT_FOUND, setup_links.LINK_IS_OVER, title=GONE_TITLE)
    address = one_time_codes.provisioning_address(one_time_codes.secret_for_link(db(), token), person.email)
    return Response(code_png(address), mimetype="image/png")


def _set_up(token: str, person: PersonRow) -> tuple[list[PageError], list[str]]:
    """Return what is wrong with the form, or nothing and the recovery codes."""
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    errors = []
    if not name or len(name) > MOST_NAME or not name.isprintable():
        errors.append(PageError(message=f"Enter your name, at most {MOST_NAME} characters.", id="name"))
    try:
        passwords.refuse_weak_password(password, (person.email, name))
    except InputError as error:
        errors.append(PageError(message=str(error), id="password"))
    if password != request.form.get("again", ""):
        errors.append(PageError(message="The two passwords are not the same. Type both again.", id="again"))
    if errors:
        return errors, []
    try:
        codes = setup_links.finish_setup(
            db(), token, name=name, password=password, code=request.form.get("code", ""), now=now()
        )
    except InputError as error:
        return [PageError(message=str(error), id="code")], []
    commit()
    return [], codes
