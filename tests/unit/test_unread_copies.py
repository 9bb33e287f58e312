"""A signed copy that cannot be read blocks nothing for sure: it may be the very agreement that is asked for."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.answers import dump, from_document
from assistant.cli.main import run
from assistant.services.agreements import agreement_check, signed_copies
from assistant.services.agreements.signed_copies import package
from tests.finished import made

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.services.agreements.agreement_check import CheckResult

TODAY = date(2026, 2, 1)


def answers_for(*models: str) -> Answers:
    return from_document(json.loads(made.ANSWERS) | {"models": list(models)})


def photographed(pages: int = 10) -> bytes:
    """Return pages that are pictures alone, as a phone makes them."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for _ in range(pages):
        canvas.drawImage(ImageReader(Image.new("L", (200, 260), 200)), 0, 0, 612, 792)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def letter() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for n in range(40):
        canvas.drawString(72, 720 - 16 * n, "Our office writes to say that it is interested, and names whom to call.")
    canvas.save()
    return out.getvalue()


def found_in(made_package: signed_copies.Package, code: str) -> list[tuple[str, str]]:
    return [(one.severity, one.where) for one in made_package.review.findings if one.code == code]


@pytest.fixture
def model_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a check tell that a file is an agreement of this agency, and not for which model."""
    asked = agreement_check.check

    def check(data: bytes, **given: Any) -> CheckResult:
        return replace(asked(data, **given), model=None, edition=None, why_not_judged="Its model could not be read.")

    monkeypatch.setattr(signed_copies, "check", check)


@pytest.mark.usefixtures("model_unread")
def test_an_agreement_whose_model_could_not_be_read_is_not_called_another_models(official_forms: Path) -> None:
    data = made.make(official_forms, "moa-wso/2025-02-14", made.Spec(), "fields")
    found = package(answers_for("WSO"), {"wso.pdf": data}, today=TODAY)
    assert not found_in(found, "model-not-applied-for")
    assert not found_in(found, "signature-unclear")
    assert found_in(found, "copy-not-recognised") == [("note", "wso.pdf")]
    assert found_in(found, "signed-copy-missing") == [("warning", "models.WSO")]
    assert found.ready is None


@pytest.mark.usefixtures("model_unread")
def test_nothing_blocks_for_what_stands_in_a_file_whose_model_could_not_be_read(official_forms: Path) -> None:
    unsigned = made.make(official_forms, "moa-wso/2025-02-14", made.Spec(changes={"agency.legal_name": ""}), "fields")
    found = package(answers_for("WSO"), {"wso.pdf": unsigned}, today=TODAY)
    assert found.review.ready
    assert ("warning", "wso.pdf, p. 1, agency’s name, section I and the footer of every page") in found_in(
        found, "answer-missing"
    )


def test_an_agreement_of_a_model_that_the_answers_do_not_name_still_blocks(official_forms: Path) -> None:
    data = made.make(official_forms, "moa-wso/2025-02-14", made.Spec(), "fields")
    found = package(answers_for("JEM"), {"wso.pdf": data}, today=TODAY)
    assert found_in(found, "model-not-applied-for") == [("blocker", "wso.pdf")]
    assert found.ready is False


def test_pictures_alone_may_be_the_agreement_that_is_asked_for() -> None:
    found = package(answers_for("JEM"), {"phone.pdf": photographed(), "letter.pdf": letter()}, today=TODAY)
    ((severity, _),) = found_in(found, "signed-copy-missing")
    (message,) = [one.message for one in found.review.findings if one.code == "signed-copy-missing"]
    assert severity == "warning"
    assert "phone.pdf" in message
    assert "letter.pdf" not in message
    assert found.ready is None
    assert found.to_document()["ready"] is None


@pytest.mark.parametrize("copies", [{"letter.pdf": letter()}, {"phone.pdf": photographed()}])
def test_more_agreements_than_unread_files_are_surely_missing(copies: dict[str, bytes]) -> None:
    found = package(answers_for("JEM", "WSO"), copies, today=TODAY)
    assert {severity for severity, _ in found_in(found, "signed-copy-missing")} == {"blocker"}
    assert found.ready is False


def test_a_letter_that_is_a_picture_leaves_whole_agreements_ready(official_forms: Path) -> None:
    data = made.make(official_forms, "moa-wso/2025-02-14", made.Spec(), "fields")
    found = package(answers_for("WSO"), {"wso.pdf": data, "letter.pdf": photographed(1)}, today=TODAY)
    assert found.ready is True
    (note,) = [one for one in found.review.findings if one.code == "copy-not-recognised"]
    assert note.message == "This file could not be read. It may be the letter or an agreement. Open it and check."


def test_the_command_ends_with_status_1_and_tells_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.json").write_text(dump(answers_for("JEM")), "utf-8")
    (tmp_path / "phone.pdf").write_bytes(photographed())
    out = tmp_path / "out.zip"
    signed = ["--signed", str(tmp_path / "phone.pdf"), "--out", str(out), "--today", "2026-02-01"]
    assert run(["application", "package", str(tmp_path / "answers.json"), *signed]) == 1
    assert "This program could not judge some copies." in capsys.readouterr().out
    with zipfile.ZipFile(out) as archive:
        assert any(name.endswith("README.txt") for name in archive.namelist())
