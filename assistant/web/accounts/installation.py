"""Joins the pages of accounts and their gate to the app of a shared installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.web.accounts import account, gate, job_pages, members, set_up, sign_in

if TYPE_CHECKING:
    from flask import Flask

BLUEPRINTS = (sign_in.bp, set_up.bp, account.bp, members.bp, job_pages.bp)


def install(app: Flask) -> None:
    """Let people sign in, and let nobody in who has not. Call it before the check of forms (CSRF) is installed."""
    gate.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
