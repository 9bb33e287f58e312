"""``create_app``: the only place where the parts of the wizard are joined."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from assistant.config import load, resource_dir
from assistant.errors import InputError
from assistant.logs import open_log
from assistant.services.installation.agencies import local_agency
from assistant.services.installation.keys import confirm_keys
from assistant.services.jobs.orders import JobTools
from assistant.services.jobs.place import QueueOfJobs, ThreadOfJobs
from assistant.storage import database
from assistant.storage.database_failures import explain_failures
from assistant.storage.job_queue import check_queue
from assistant.storage.key_wrap import read_passphrase_file
from assistant.storage.queue_tables import require_queue_tables
from assistant.storage.sealing import open_keyring
from assistant.web.after_export import (
    list_status,
    messages,
    nominee_changes,
    reply_desk,
    sending,
    signed_copies,
    signed_pages,
    since_export,
)
from assistant.web.application import (
    applications,
    approval_pages,
    checklist,
    comment_pages,
    documents,
    edition_rows,
    editions,
    from_agreement,
    hand_over,
    history_pages,
    papers_for_others,
    review,
    signatory_page,
)
from assistant.web.form_maps import kept_forms, mapping, mapping_keep
from assistant.web.kit import (
    context,
    csrf,
    error_pages,
    headers,
    idle_lock,
    lock_line,
    moments,
    outages,
    page_drafts,
    practice,
    site_links,
    start_token,
    static_files,
)
from assistant.web.nominees import criteria_grid_pages, nominees, roster_pages
from assistant.web.reference import check_pages, health, lists, program
from assistant.web.wizard import list_findings, teamwork, wizard

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.config import Config
    from assistant.storage.sealing import Keyring

BLUEPRINTS = (
    applications.bp,
    wizard.bp,
    nominees.bp,
    review.bp,
    documents.bp,
    kept_forms.bp,
    program.bp,
    static_files.bp,
    check_pages.bp,
    roster_pages.bp,
    criteria_grid_pages.bp,
    lists.bp,
    mapping.bp,
    mapping_keep.bp,
    editions.bp,
    from_agreement.bp,
    papers_for_others.bp,
    signatory_page.bp,
    approval_pages.bp,
    comment_pages.bp,
    hand_over.bp,
    history_pages.bp,
    since_export.bp,
    nominee_changes.bp,
    messages.bp,
    reply_desk.bp,
    list_status.bp,
    signed_copies.bp,
    signed_pages.bp,
    sending.bp,
    checklist.bp,
    page_drafts.bp,
    health.bp,
    start_token.bp,
    idle_lock.bp,
)

NO_ADMINISTRATOR = (
    "A shared installation needs an administrator first. Run `moa user add EMAIL --agency AGENCY --role administrator`."
)


NOT_BY_ITSELF = "A server such as gunicorn opens the wizard to whoever reaches it, so it needs "
"""Before what is missing; ``moa serve`` sees itself on which address it answers."""


def create_app(
    config: Config | None = None,
    *,
    token: str = "",
    keyring: Keyring | None = None,
    clock: Callable[[], datetime] = context.utc_clock,
) -> Flask:
    """Return the wizard, ready to serve: database brought up to date, the local agency made on first start.

    Without ``config`` the settings of this installation are read, and the keys opened: so a server for many processes
    starts it (``gunicorn 'assistant.app:create_app()'``). Only a shared installation behind TLS is served so.
    ``token`` is what a browser must bring once, in the address ``/start/<token>``; "" asks for none. ``keyring`` are
    the keys, where a passphrase had to be asked for to open them.

    Raises:
        InputError: a key, a folder or the database cannot be used, a shared installation has no administrator, or
            without ``config`` the settings are not those of one behind TLS.
        SealError: the key file belongs to another database.
        LockedKeysError: a passphrase protects the key file, and no ``keyring`` was given.
    """
    if config is None:
        config = _served_settings(load())
        if config.passphrase_file:
            file = Path(config.passphrase_file)
            keyring = open_keyring(config.keyring_file, ask_passphrase=lambda: read_passphrase_file(file))
    app = Flask("assistant", template_folder=str(resource_dir("templates")), static_folder=None)
    app.config.update(
        DEBUG=False,  # whatever FLASK_DEBUG says: an error's message may quote what somebody typed
        SECRET_KEY=config.key("session"),
        TRUSTED_HOSTS=list(config.trusted_hosts),
        MAX_CONTENT_LENGTH=config.upload_max_bytes + 1_000_000,
        MAX_FORM_PARTS=500,
        MAX_FORM_MEMORY_SIZE=roster_pages.LARGEST_PASTE,
        SESSION_COOKIE_NAME="__Host-assistant" if config.behind_tls else "assistant",
        SESSION_COOKIE_SECURE=config.behind_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["assistant"] = _open(config, keyring or open_keyring(config.keyring_file), clock)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # werkzeug wraps the app this way
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    headers.guard(app)
    start_token.require_token(app, token)
    idle_lock.install(app)
    if config.mode == "shared":
        from assistant.web.accounts import installation  # noqa: PLC0415 - nothing of it is loaded for one person

        installation.install(app)
    csrf.protect(app)
    error_pages.catch(app)
    outages.catch(app)
    page_drafts.keep_hidden_fields(app)
    context.close_sessions(app)
    context.register_template_helpers(app)
    static_files.register_template_helpers(app)
    site_links.register_template_helpers(app)
    practice.register_template_helpers(app)
    lock_line.register_template_helpers(app)
    moments.register_template_helpers(app)
    list_findings.register_template_helpers(app)
    teamwork.register_template_helpers(app)
    edition_rows.register_template_helpers(app)
    checklist.register_template_helpers(app)
    hand_over.register_template_helpers(app)
    page_drafts.register_template_helpers(app)
    page_drafts.keep_failed_pages(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _served_settings(config: Config) -> Config:
    """Return the settings, where a server that we did not start may serve the wizard with them."""
    if config.mode != "shared":
        raise InputError(f"{NOT_BY_ITSELF}sign-in: set ASSISTANT_MODE=shared, or start `moa serve`.")
    if not config.behind_tls:
        raise InputError(f"{NOT_BY_ITSELF}TLS in front of it: set ASSISTANT_BEHIND_TLS, or start `moa serve`.")
    if config.database_file is not None:
        raise InputError(f"{NOT_BY_ITSELF}a database for many processes: set ASSISTANT_DATABASE_URL to PostgreSQL.")
    return config


def _open(config: Config, keyring: Keyring, clock: Callable[[], datetime]) -> context.Parts:
    """Return the database and all that a request needs of it."""
    check_queue(config)
    config.make_folders()
    engine = database.make_engine(config.database)
    database.migrate(engine)
    writer = database.session_factory(engine, keyring)
    with explain_failures(config.database), writer() as session:
        if config.jobs == "queue":
            require_queue_tables(session)
        confirm_keys(session)
        agency_id = _shared_agency(session) if config.mode == "shared" else local_agency(session, now=clock()).id
        session.commit()
    engine.dispose()  # a server that loads the wizard and then forks must share no connection among its workers
    reader, log = database.reader_factory(engine, keyring), open_log(config)
    tools = JobTools(writer=writer, reader=reader, clock=clock, log=log)
    return context.Parts(
        config=config,
        engine=engine,
        keyring=keyring,
        writer=writer,
        reader=reader,
        agency_id=agency_id,
        clock=clock,
        log=log,
        jobs=QueueOfJobs() if config.jobs == "queue" else ThreadOfJobs(tools),
    )


def _shared_agency(session: Session) -> int:
    """Return 0: each person brings the agency of their own. Refuse an installation that nobody administers."""
    from assistant.services.accounts.people import has_administrator  # noqa: PLC0415 - as above

    if not has_administrator(session):
        raise InputError(NO_ADMINISTRATOR)
    return 0
