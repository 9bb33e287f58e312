"""``create_app``: the only place where the parts of the wizard are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from assistant import db
from assistant.config import resource_dir
from assistant.crypt import open_keyring
from assistant.database_failures import explain_failures
from assistant.logs import open_log
from assistant.services.agencies import local_agency
from assistant.services.keys import confirm_keys
from assistant.web import (
    applications,
    checking,
    checklist,
    context,
    documents,
    editions,
    editions_shown,
    faults,
    files,
    forms_admin,
    from_agreement,
    headers,
    listed,
    lists,
    mapping,
    mapping_keep,
    nominees,
    outages,
    page_drafts,
    people,
    program,
    review,
    roster,
    tokens,
    wizard,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from assistant.config import Config

BLUEPRINTS = (
    applications.bp, wizard.bp, nominees.bp, review.bp, documents.bp, forms_admin.bp, program.bp, files.bp,
    checking.bp, roster.bp, people.bp, lists.bp, mapping.bp, mapping_keep.bp, editions.bp, from_agreement.bp,
    checklist.bp, page_drafts.bp,
)  # fmt: skip


def create_app(config: Config, *, clock: Callable[[], datetime] = context.utc_clock) -> Flask:
    """Return the wizard, ready to serve: database brought up to date, the local agency made on first start.

    Raises:
        InputError: a key, a folder or the database cannot be used.
        SealError: the key file belongs to another database.
    """
    app = Flask("assistant", template_folder=str(resource_dir("templates")), static_folder=None)
    app.config.update(
        SECRET_KEY=config.key("session"),
        TRUSTED_HOSTS=list(config.trusted_hosts),
        MAX_CONTENT_LENGTH=config.upload_max_bytes + 1_000_000,
        MAX_FORM_PARTS=500,
        MAX_FORM_MEMORY_SIZE=roster.LARGEST_PASTE,
        SESSION_COOKIE_NAME="__Host-assistant" if config.behind_tls else "assistant",
        SESSION_COOKIE_SECURE=config.behind_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["assistant"] = _open(config, clock)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    headers.guard(app)
    tokens.protect(app)
    faults.catch(app)
    outages.catch(app)
    page_drafts.keep_hidden_fields(app)
    context.close_sessions(app)
    files.teach_pages(app)
    words.teach_pages(app)
    listed.teach_pages(app)
    editions_shown.teach_pages(app)
    checklist.teach_pages(app)
    page_drafts.register_template_helpers(app)
    page_drafts.keep_failed_pages(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _open(config: Config, clock: Callable[[], datetime]) -> context.Parts:
    """Return the database and all that a request needs of it."""
    config.make_folders()
    engine = db.make_engine(config.database)
    db.migrate(engine)
    keyring = open_keyring(config.keyring_file)
    writer = db.session_factory(engine, keyring)
    with explain_failures(config.database), writer() as session:
        confirm_keys(session)
        agency_id = local_agency(session, now=clock()).id
        session.commit()
    return context.Parts(
        config=config,
        engine=engine,
        writer=writer,
        reader=db.reader_factory(engine, keyring),
        agency_id=agency_id,
        clock=clock,
        log=open_log(config),
    )
