from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from assistant.errors import NotFoundError, PdfError, UnknownFormError
from assistant.services.form_maps import forms

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first word of the bytes say which edition they are."""

    def inspect(data: bytes) -> Any:
        word = data.split()[0].decode()
        edition = word if word.startswith("moa-") else None
        return {"edition": edition, "sha256": hashlib.sha256(data).hexdigest()}

    monkeypatch.setattr(forms, "examine_form", inspect)
    monkeypatch.setattr(forms, "FormLibrary", list)


@pytest.mark.usefixtures("stand_in")
def test_keep_list_and_remove(store: Store, session: Session) -> None:
    tfm = forms.keep(session, b"moa-tfm/2025-02-12 a", now=NOW)
    wso = forms.keep(session, b"moa-wso/2025-02-14 b", now=NOW)
    again = forms.keep(session, b"moa-tfm/2025-02-12 a", now=NOW)
    assert again is tfm
    session.commit()
    with store.read() as reading:
        listed = forms.stored_forms(reading)
        assert [(form.edition, form.size, form.added_at) for form in listed] == [
            ("moa-wso/2025-02-14", 20, NOW),
            ("moa-tfm/2025-02-12", 20, NOW),
        ]
        assert "data" not in vars(listed[0]), "the bytes are not read for a list"
    assert forms.remove(session, wso.sha256).edition == "moa-wso/2025-02-14"
    assert forms.remove(session, tfm.sha256[:6]).edition == "moa-tfm/2025-02-12"
    assert forms.stored_forms(session) == []


@pytest.mark.usefixtures("stand_in")
def test_an_unknown_form_is_not_kept(session: Session) -> None:
    with pytest.raises(UnknownFormError):
        forms.keep(session, b"tax-return", now=NOW)
    assert forms.stored_forms(session) == []


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("form_id", ["", "abcde", "f" * 64, "%", "______", "ZZZZZZ", "../../x"])
def test_no_such_form(session: Session, form_id: str) -> None:
    forms.keep(session, b"moa-tfm/2025-02-12 a", now=NOW)
    with pytest.raises(NotFoundError):
        forms.remove(session, form_id)


@pytest.mark.usefixtures("stand_in")
def test_a_short_id_that_fits_two_is_refused(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    monkeypatch.setattr(
        forms,
        "examine_form",
        lambda data: {"edition": "moa-x/1", "sha256": "abcdef" + data.decode() * 58},
    )
    forms.keep(session, b"0", now=NOW)
    forms.keep(session, b"1", now=NOW)
    with pytest.raises(NotFoundError):
        forms.remove(session, "abcdef")
    assert forms.remove(session, "abcdef1").sha256.endswith("1")


@pytest.mark.usefixtures("stand_in")
def test_the_library_is_read_again_only_after_a_change(store: Store, session: Session) -> None:
    forms.keep(session, b"moa-tfm/2025-02-12 library", now=NOW)
    first: Any = forms.library(session)
    assert first == [b"moa-tfm/2025-02-12 library"]
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert forms.library(session) is first
    assert len(statements) == 1
    assert "data" not in statements[0]
    forms.keep(session, b"moa-wso/2025-02-14 library", now=NOW)
    second: Any = forms.library(session)
    assert len(second) == 2


def test_what_is_no_pdf_is_refused(session: Session) -> None:
    with pytest.raises(PdfError):
        forms.keep(session, b"no PDF", now=NOW)


def test_official_forms_are_kept_and_chosen(session: Session, official_forms: Path) -> None:
    kept = set()
    for file in sorted(official_forms.glob("*.pdf")):
        # The folder also has prints that no edition knows yet; they are refused in a sentence.
        with suppress(UnknownFormError):
            kept.add(forms.keep(session, file.read_bytes(), now=NOW).edition)
    assert kept >= {"moa-tfm/2025-02-12", "moa-wso/2025-02-14", "moa-jem/2025-02-15"}
    library = forms.library(session)
    assert {form.edition.name for form in library.on_hand()} == kept
    for form in library.on_hand():
        assert form.edition.model is not None
        chosen = library.choose(form.edition.model, form.edition.edition_id)
        assert chosen.data is not None
        assert hashlib.sha256(chosen.data).hexdigest() == chosen.sha256
