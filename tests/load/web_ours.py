"""Our side of ``bench_web.py``: the wizard as it is served, with an application for each connection."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import config
from assistant.answers import parse
from assistant.app import create_app
from assistant.errors import InputError
from assistant.services.application import applications
from assistant.services.form_maps import forms

if TYPE_CHECKING:
    from flask import Flask

FORMS = Path(__file__).resolve().parents[3] / "shared" / "official-forms"


def make() -> Flask:
    """Return the wizard, with one address more that tells the pages to ask for."""
    app = create_app(config.load())
    parts = app.extensions["assistant"]

    @app.get("/places")
    def places() -> dict[str, Any]:
        with parts.reader() as session:
            ids = [row.public_id for row in applications.list_for(session, parts.agency_id)]
        return {"pages": [f"/applications/{one}/steps/signatory" for one in ids], "change": "signatory-title"}

    return app


def fill() -> None:
    """Start the applications, and keep the blank forms where they are at hand."""
    parts = create_app(config.load()).extensions["assistant"]
    answers = parse((files("assistant.program") / "data" / "made-up-agency.json").read_bytes())
    people = tuple(replace(answers.nominees[0], badge_number=str(n), full_name=f"Nominee {n}") for n in range(10))
    with parts.writer() as session:
        for _ in range(int(os.environ["BENCH_ROWS"])):
            whole = replace(answers, nominees=people)
            applications.create(session, parts.agency_id, now=datetime.now(UTC), answers=whole)
        for file in sorted(FORMS.glob("*.pdf")) if FORMS.is_dir() else ():
            try:
                forms.keep(session, file.read_bytes(), now=datetime.now(UTC))
            except InputError:
                continue
        session.commit()
