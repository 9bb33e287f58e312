"""The yardstick of ``bench_web.py``: the least a page that asks and saves can be with Flask and SQLAlchemy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, redirect, render_template, request
from flask_wtf.csrf import CSRFProtect
from jinja2 import DictLoader
from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from wtforms import Form, StringField

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

NAMES = ("full_name", "title", "phone", "email", "office", "note")
PAGE = """<!doctype html><html lang="en"><title>Yardstick</title><h1>Yardstick</h1><form method="post">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
{% for field in form %}<p>{{ field.label }} {{ field() }}</p>{% endfor %}<button>Save</button></form></html>"""


class Base(DeclarativeBase):
    """The root of the one table."""


class Row(Base):
    """One form, saved."""

    __tablename__ = "rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    title: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    office: Mapped[str]
    note: Mapped[str]


class Asked(Form):
    """The six boxes."""

    full_name, title, phone = StringField("Name"), StringField("Title"), StringField("Phone")
    email, office, note = StringField("Email"), StringField("Office"), StringField("Note")


def make() -> Flask:
    """Return the application."""
    app = Flask("yardstick")
    app.config.update(SECRET_KEY=b"yardstick", WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
    app.jinja_loader = DictLoader({"page.html": PAGE})
    engine = _engine()

    @app.route("/rows/<int:number>", methods=["GET", "POST"])
    def row(number: int) -> str | Response:
        with Session(engine) as session:
            kept = session.get_one(Row, number)
            form = Asked(request.form if request.method == "POST" else None, kept)
            if request.method == "POST" and form.validate():
                form.populate_obj(kept)
                session.commit()
                return redirect(request.path)
            return render_template("page.html", form=form)

    @app.get("/places")
    def places() -> dict[str, Any]:
        return {"pages": [f"/rows/{number}" for number in range(1, _count() + 1)], "change": "title"}

    return app


def fill() -> None:
    """Make the table and its rows."""
    engine = _engine()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Row(**dict.fromkeys(NAMES, "Sample")) for _ in range(_count()))
        session.commit()


def _count() -> int:
    return int(os.environ["BENCH_ROWS"])


def _engine() -> Any:
    engine = create_engine(f"sqlite:///{Path(os.environ['BENCH_FOLDER']) / 'rows.sqlite3'}")

    @event.listens_for(engine, "connect")
    def open_sqlite(connection: Any, _: object) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
