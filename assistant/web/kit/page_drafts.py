"""What is typed on a page and not saved: the page's script sends it here, and the page offers it back.

A page names its own fields, signed, so that a draft never holds anything else. Without scripts no draft is made;
what was submitted stands on the page again wherever it could not be saved.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypedDict, cast
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, url_for
from wtforms.validators import ValidationError

from assistant.errors import NotFoundError
from assistant.services.application import applications, page_drafts
from assistant.services.application.nominees import find_nominee
from assistant.storage.outages import STORAGE_ERRORS
from assistant.web.kit.context import (
    OFFERED_DRAFT,
    OWN_DRAFT,
    agency_id,
    commit,
    db,
    draft_author,
    ids_in_form,
    now,
    page_owner,
    parts,
)
from assistant.web.kit.csrf import csrf_failed
from assistant.web.kit.field_labels import describe_field
from assistant.web.kit.fields import refuse_unreadable
from assistant.web.kit.form_fields import PAGE_FORM, field_names, fill_form, hidden_names

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.services.application.page_drafts import DraftValues, StoredPageDraft
    from assistant.web.kit.context import UrlValues

bp = Blueprint("page_drafts", __name__)

PAGES = frozenset({
    "wizard.step", "nominees.new", "nominees.person", "nominees.questions", "roster.look", "mapping.page",
    "mapping.identity",
})  # fmt: skip
"""The pages that keep what is typed on them. A pasted roster may hold columns that are never kept, so it is not one."""
FAILED = {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}
MAX_TEXT, MAX_VALUES = 2_000, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMark:
    """What a form says of itself, so that its script knows where to send what is typed."""

    address: str
    page: str
    seal: str
    own_id: str
    number: int
    offered: tuple[str, ...]
    whole: bool
    """Whether the page shows more than what is saved, so that every field is sent and not only those that change."""


class DraftMessage(TypedDict):
    """What a page sends to be kept: its fields' names, what was typed, hidden fields, how many times it has sent."""

    names: list[str]
    fields: dict[str, list[str]]
    hidden: dict[str, list[str]]
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A draft that the page offers back."""

    id: str
    typed_at: datetime
    stored_until: datetime
    restore: str
    discard: str


@bp.post("/applications/<uuid:application_id>/page-drafts/", endpoint="keep")
@bp.post("/forms/drafts/<uuid:draft_id>/page-drafts/", endpoint="keep_of_map")
def keep(application_id: UUID | None = None, draft_id: UUID | None = None) -> ResponseReturnValue:
    """Keep what is typed on a page of an application or of a form's map; 404 for a nominee who is there no more."""
    owner = page_drafts.DraftOwner(
        agency_id=agency_id(), who=draft_author(), application=application_id, form_map=draft_id
    )
    page_drafts.find_owner(db(), owner)
    page, seal, own = request.form.get("page", ""), request.form.get("seal", ""), ids_in_form("id")
    sent = _read_message(request.form.get("typed", ""))
    if sent is None or not own or not hmac.compare_digest(seal, _seal(owner, page, sent["names"])):
        abort(HTTPStatus.BAD_REQUEST)
    nominee_id = _ids_of(page).get("nominee_id")
    if application_id is not None and nominee_id is not None:
        # A window that was open when somebody was removed, or purged, must not bring what was typed of them back.
        find_nominee(applications.get(db(), owner.agency_id, application_id), nominee_id)
    page_drafts.store_draft(db(), owner, own[0], page, _storable_part(sent), now=now())
    commit()
    return Response(status=HTTPStatus.NO_CONTENT, mimetype="text/plain")


@bp.post("/applications/<uuid:application_id>/page-drafts/discard", endpoint="discard")
@bp.post("/forms/drafts/<uuid:draft_id>/page-drafts/discard", endpoint="discard_of_map")
def discard(application_id: UUID | None = None, draft_id: UUID | None = None) -> ResponseReturnValue:
    """Let a draft go, and return to its page."""
    owner = page_drafts.DraftOwner(
        agency_id=agency_id(), who=draft_author(), application=application_id, form_map=draft_id
    )
    page = page_drafts.discard_drafts(db(), owner, ids_in_form("id"))
    commit()
    if page is not None:
        return redirect(_address_of(page))
    if application_id is not None:
        return redirect(url_for("wizard.hub", application_id=application_id))
    return redirect(url_for("mapping.overview", draft_id=draft_id))


def keeps_drafts() -> bool:
    """Say whether the page of this request keeps what is typed on it."""
    return request.endpoint in PAGES and not g.get("no_drafts")


def form_mark() -> FormMark | None:
    """Return what the form of this page says of itself, None where the page keeps nothing."""
    if not keeps_drafts():
        return None
    restored = restored_draft()
    posted = request.form if request.method == "POST" else {}
    own = ids_in_form(OWN_DRAFT)[:1] if posted else []
    offered = ids_in_form(OFFERED_DRAFT) if posted else [UUID(offer.id) for offer in draft_offers()]
    if "draft_placeholder" not in g:
        g.draft_placeholder = secrets.token_hex(16)
    return FormMark(
        address=_url_of("keep"),
        page=_page(),
        seal=g.draft_placeholder,
        own_id=str(restored.public_id if restored else own[0] if own else uuid4()),
        number=restored.values.number if restored else _number_sent() if posted else 0,
        offered=tuple(map(str, offered)),
        whole=bool(restored or posted),
    )


def draft_offers() -> list[Offer]:
    """Return the drafts to offer on this page: none where what was typed stands on it already."""
    if not keeps_drafts() or request.method == "POST":
        return []
    if "draft_offers" not in g:
        restored = restored_draft()
        g.draft_offers = [_offer(one) for one in _drafts() if restored is None or one.public_id != restored.public_id]
    return cast("list[Offer]", g.draft_offers)


def restored_draft() -> StoredPageDraft | None:
    """Return the draft that this page was asked to show, None where it was asked for none or it is gone."""
    if not keeps_drafts() or request.method == "POST" or "restore" not in request.args:
        return None
    return next((one for one in _drafts() if str(one.public_id) == request.args["restore"]), None)


def restore_failed() -> bool:
    """Say whether this page was asked to show a draft that is gone."""
    return keeps_drafts() and request.method != "POST" and "restore" in request.args and restored_draft() is None


def discard_address() -> str:
    """Return where a draft of this page is discarded."""
    return _url_of("discard")


def register_template_helpers(app: Flask) -> None:
    """Let every page offer drafts, and seal the names of the fields of a page that keeps what is typed."""
    app.jinja_env.globals.update(
        form_mark=form_mark,
        draft_offers=draft_offers,
        restored_draft=restored_draft,
        restore_failed=restore_failed,
        discard_address=discard_address,
        keeps_drafts=keeps_drafts,
    )

    @app.after_request
    def seal_fields(response: Response) -> Response:
        placeholder = g.get("draft_placeholder")
        owner = page_owner()
        if placeholder is None or owner is None or response.mimetype != "text/html":
            return response
        text = response.get_data(as_text=True)
        match = PAGE_FORM.search(text)
        if match is None or placeholder not in match[0]:
            return response
        form = match[0]
        if (restored := restored_draft()) is not None:
            form = _fill_restored(form, restored.values)
        form = form.replace(placeholder, _seal(owner, _page(), field_names(form)), 1)
        response.set_data(f"{text[: match.start()]}{form}{text[match.end() :]}")
        return response


def keep_hidden_fields(app: Flask) -> None:
    """Let a page that is shown again, because it could not be saved, say what it was made from.

    Its version may have been overtaken since; with the version of now, a save would overwrite what others saved.
    """

    @app.after_request
    def put_back(response: Response) -> Response:
        if request.method != "POST" or not csrf_failed() or response.mimetype != "text/html":
            return response
        text = response.get_data(as_text=True)
        match = PAGE_FORM.search(text)
        if match is None:
            return response
        form, _ = fill_form(match[0], request.form.to_dict(flat=False), hidden_only=True)
        response.set_data(f"{text[: match.start()]}{form}{text[match.end() :]}")
        return response


def keep_failed_pages(app: Flask) -> None:
    """Keep what was sent and could not be saved as a draft too, so that going back from the error loses nothing."""

    @app.after_request
    def keep_failed(response: Response) -> Response:
        if request.method != "POST" or response.status_code not in FAILED or csrf_failed():
            # Of a request that was too large, the form cannot be read at all.
            return response
        owner, own = page_owner(), ids_in_form(OWN_DRAFT)
        if not own or owner is None or not keeps_drafts():
            return response
        session = db()
        match = PAGE_FORM.search(response.get_data(as_text=True))
        if match is None or session.new or session.dirty or session.deleted:
            return response
        session.rollback()
        hidden = hidden_names(match[0])
        names = [name for name in field_names(match[0]) if name not in {OWN_DRAFT, OFFERED_DRAFT, "go", "draft_number"}]
        sent = {name: request.form.getlist(name) for name in names}
        values = _storable_part(
            {
                "names": names,
                "fields": {name: texts for name, texts in sent.items() if name not in hidden},
                "hidden": {name: texts for name, texts in sent.items() if name in hidden and texts},
                "number": _number_sent() + 1,
            }
        )
        _store(owner, own[0], values)
        return response


def _store(owner: page_drafts.DraftOwner, own_id: UUID, values: DraftValues) -> None:
    """Keep values as the draft of this page in a session of its own; where that fails, go on without."""
    try:
        with parts().writer() as writer:
            page_drafts.store_draft(writer, owner, own_id, _page(), values, now=now())
            writer.commit()
    except (NotFoundError, *STORAGE_ERRORS) as error:
        parts().log.warning("draft not kept", request=g.get("request_id"), error=type(error).__name__)


def keep_sent_form() -> bool:
    """Keep what a form sent that cannot be answered now, so that its page offers it back; say whether it was kept.

    The token was not looked at yet: what somebody else's page sends is at worst offered, and never saved.
    """
    owner, own = page_owner(), ids_in_form(OWN_DRAFT)
    if not own or owner is None or not keeps_drafts():
        return False
    unsent = {OWN_DRAFT, OFFERED_DRAFT, "go", "draft_number", "csrf_token"}
    sent = {name: texts for name, texts in request.form.to_dict(flat=False).items() if name not in unsent}
    values = _storable_part({"names": list(sent), "fields": sent, "hidden": {}, "number": _number_sent() + 1})
    _store(owner, own[0], values)
    return True


def _number_sent() -> int:
    text = request.form.get("draft_number", "")[:15]
    return int(text) if text.isascii() and text.isdecimal() else 0


def _fill_restored(form: str, draft_values: DraftValues) -> str:
    """Return the form with what was typed in it; what the page has no box for now is listed above them."""
    form, placed = fill_form(form, {**draft_values.hidden, **draft_values.fields})
    left = [
        row
        for name, values in draft_values.fields.items()
        if name not in placed
        for value in values
        if value and (row := describe_field(name, value))
    ]
    if not left:
        return form
    start, end = form.split(">", 1)
    return f"{start}>{render_template('drafts/unplaced.html', rows=left)}{end}"


def _drafts() -> list[StoredPageDraft]:
    owner = page_owner()
    if "page_drafts" not in g:
        g.page_drafts = page_drafts.drafts_of_page(db(), owner, _page(), now=now()) if owner else []
    return cast("list[StoredPageDraft]", g.page_drafts)


def _offer(draft: StoredPageDraft) -> Offer:
    address = url_for(cast("str", request.endpoint), **_arguments(), restore=str(draft.public_id))
    return Offer(
        id=str(draft.public_id),
        typed_at=draft.typed_at,
        stored_until=draft.stored_until,
        restore=address,
        discard=_url_of("discard"),
    )


def _arguments() -> UrlValues:
    back = request.args.get("back")
    return {**(request.view_args or {}), **({"back": back} if back else {})}


def _page() -> str:
    """Return what names this page among those of its owner: endpoint and ids, separated by spaces."""
    ids = {name: value for name, value in (request.view_args or {}).items() if value is not None}
    ids.pop("application_id", None) or ids.pop("draft_id", None)
    return " ".join([str(request.endpoint), *(f"{name}={value}" for name, value in sorted(ids.items()))])


def _ids_of(page: str) -> dict[str, str]:
    """Return the ids in what ``_page`` returned, by name."""
    return dict(part.split("=", 1) for part in page.split(" ")[1:])


def _address_of(page: str) -> str:
    values: UrlValues = {name: value for name, value in (request.view_args or {}).items() if value is not None}
    return url_for(page.partition(" ")[0], **{**values, **_ids_of(page)})


def _url_of(act: str) -> str:
    ids = request.view_args or {}
    if "application_id" in ids:
        return url_for(f"page_drafts.{act}", application_id=ids["application_id"])
    return url_for(f"page_drafts.{act}_of_map", draft_id=ids["draft_id"])


def _seal(owner: page_drafts.DraftOwner, page: str, names: list[str]) -> str:
    """Return the signature of a page and of the names of its fields."""
    text = "\0".join(["page-draft", str(owner.application or owner.form_map), page, *sorted(names)])
    return hmac.new(cast("bytes", current_app.secret_key), text.encode(), hashlib.sha256).hexdigest()


def _read_message(text: str) -> DraftMessage | None:
    """Return what a page sent, None where it is nothing that our script sends."""
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict) or sent.keys() != {"names", "fields", "hidden", "number"}:
        return None
    names, number = sent["names"], sent["number"]
    right = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not right or type(number) is not int or not 0 <= number < 2**53:
        return None
    return cast("DraftMessage", sent) if all(_are_values(sent[part]) for part in ("fields", "hidden")) else None


def _are_values(values: object) -> bool:
    return isinstance(values, dict) and all(
        isinstance(texts, list) and len(texts) <= MAX_VALUES and all(isinstance(text, str) for text in texts)
        for texts in values.values()
    )


def _storable_part(sent: DraftMessage) -> page_drafts.DraftValues:
    """Return what is kept of what a page sent: its own fields, without what no answer may hold."""
    names = set(sent["names"])
    fields = {name: values for name, values in sent["fields"].items() if name in names}
    allowed = {name: values for name, values in fields.items() if all(map(_may_be_stored, values))}
    hidden = {name: values for name, values in sent["hidden"].items() if name in names}
    return page_drafts.DraftValues(
        fields=allowed,
        hidden={name: values for name, values in hidden.items() if all(map(_may_be_stored, values))},
        number=sent["number"],
        incomplete=allowed.keys() != fields.keys(),
    )


def _may_be_stored(text: str) -> bool:
    try:
        refuse_unreadable(text, name="the text", longest=MAX_TEXT)
    except ValidationError:
        return False
    return True
