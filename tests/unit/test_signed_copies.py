"""The sending package: signed copies attached, what is wrong with them told, nothing called sent."""

from __future__ import annotations

import email
import email.policy
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from assistant.bundle import email_draft
from assistant.cli.main import run
from tests.finished import made
from tests.finished.made import Spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TFM, WSO, JEM = "moa-tfm/2025-03-07", "moa-wso/2025-02-14", "moa-jem/2025-02-15"


@pytest.fixture(scope="module")
def copies(official_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signed copies of three agreements as they come back, one unsigned, one of another agency, and a letter."""
    folder = tmp_path_factory.mktemp("copies")
    document = json.loads(made.ANSWERS)
    (folder / "answers.json").write_text(json.dumps(document), "utf-8")
    other = Spec(changes={"agency.legal_name": "Another County Sheriff’s Office"})
    for name, edition, spec, way in (
        ("Scan 0001.pdf", TFM, Spec(), "scan"),
        ("wso.pdf", WSO, Spec(), "fields"),
        ("jem.pdf", JEM, Spec(), "flat"),
        ("unsigned.pdf", WSO, Spec(signed=False), "fields"),
        ("other.pdf", JEM, other, "flat"),
    ):
        (folder / name).write_bytes(made.make(official_forms, edition, spec, way))
    bundle = folder / "bundle.zip"
    forms = ("--forms", str(official_forms))
    assert run(["application", "export", str(folder / "answers.json"), "--out", str(bundle), "--draft", *forms]) in {
        0,
        1,
    }
    with zipfile.ZipFile(bundle) as archive:
        name = next(name for name in archive.namelist() if name.endswith("01-letter-of-interest.pdf"))
        (folder / "letter.pdf").write_bytes(archive.read(name))
    return folder


@pytest.fixture
def package(
    copies: Path, official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Any, dict[str, bytes]]]:
    """Return what packs these files: the status, the JSON document, and the files of the package."""

    def packed(*names: str) -> tuple[int, Any, dict[str, bytes]]:
        out = tmp_path / "package.zip"
        signed = [part for name in names for part in ("--signed", str(copies / name))]
        status = run(["application", "package", str(copies / "answers.json"), *signed, "--out", str(out), "--json",
                      "--today", "2026-02-01", "--forms", str(official_forms)])  # fmt: skip
        said = capsys.readouterr().out
        if not out.exists():
            return status, None, {}
        with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as archive:
            return status, json.loads(said), {n.partition("/")[2]: archive.read(n) for n in archive.namelist()}

    return packed


def codes(found: Any) -> set[tuple[str, str]]:
    return {(finding["code"], finding["severity"]) for finding in found["findings"]}


def test_all_copies_are_recognised_and_attached(
    copies: Path, package: Callable[..., tuple[int, Any, dict[str, bytes]]]
) -> None:
    status, found, files = package("Scan 0001.pdf", "jem.pdf", "letter.pdf", "wso.pdf")
    assert status == 0
    assert found["ready"] is True
    assert [(copy["name"], copy["file"], copy["model"], copy["signed"]) for copy in found["copies"]] == [
        ("letter.pdf", "letter.pdf", None, None),
        ("moa-jem-signed.pdf", "jem.pdf", "JEM", True),
        ("moa-tfm-signed.pdf", "Scan 0001.pdf", "TFM", True),
        ("moa-wso-signed.pdf", "wso.pdf", "WSO", True),
    ]
    message = email.message_from_bytes(files["email.eml"], policy=email.policy.default)
    attached = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert list(attached) == [copy["name"] for copy in found["copies"]]
    assert attached["moa-tfm-signed.pdf"] == files["moa-tfm-signed.pdf"] == (copies / "Scan 0001.pdf").read_bytes()
    assert abs(len(files["email.eml"]) - found["message_bytes"]) < 10_000
    assert message["To"] == "ERO287g@ice.dhs.gov"
    assert message["X-Unsent"] == "1"
    assert b"Before sending" not in files["email.eml"]
    assert json.loads(files["manifest.json"])["sent"] is False
    assert "Nothing has been sent." in files["README.txt"].decode()
    # The letter is not recognised, and said so.
    assert ("copy-not-recognised", "note") in codes(found)


def test_what_is_missing_unsigned_or_of_another_agency_stands_in_the_way(
    package: Callable[..., tuple[int, Any, dict[str, bytes]]],
) -> None:
    status, found, files = package("unsigned.pdf", "other.pdf")
    assert status == 1
    assert {
        ("signature-absent", "blocker"),
        ("other-agency", "blocker"),
        ("signed-copy-missing", "blocker"),
        ("signed-letter-missing", "warning"),
    } <= codes(found)
    missing = [row["where"] for row in found["findings"] if row["code"] == "signed-copy-missing"]
    assert missing == ["models.TFM"]
    readme = files["README.txt"].decode()
    assert "Fix before you send" in readme
    assert "unsigned.pdf: No signature was found" in " ".join(readme.split())
    message = email.message_from_bytes(files["email.eml"], policy=email.policy.default)
    text = message.get_body().get_content()  # type: ignore[union-attr]
    assert text.startswith("[Before sending: fix what README.txt lists under “Fix before you send”.")


def test_two_copies_of_one_agreement_are_told(package: Callable[..., tuple[int, Any, dict[str, bytes]]]) -> None:
    _, found, files = package("wso.pdf", "unsigned.pdf")
    assert ("signed-copy-twice", "warning") in codes(found)
    assert {"moa-wso-signed.pdf", "moa-wso-signed-2.pdf"} <= files.keys()


def test_a_message_that_is_too_heavy_is_not_written(
    package: Callable[..., tuple[int, Any, dict[str, bytes]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_draft, "WARN_BYTES", 1_000_000)
    status, found, _ = package("wso.pdf", "letter.pdf")
    assert ("message-heavy", "warning") in codes(found)
    monkeypatch.setattr(email_draft, "STOP_BYTES", 1_000_000)
    (tmp_path / "package.zip").unlink()
    status, found, _ = package("Scan 0001.pdf")
    assert (status, found) == (1, None)


def test_a_file_that_is_no_pdf_is_named_and_nothing_written(
    copies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, out = str(copies / "answers.json"), tmp_path / "out.zip"
    command = ["application", "package", answers, "--signed", str(copies / "wso.pdf"), "--signed", answers]
    assert run([*command, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("answers.json: The file is not a PDF")
    assert not out.exists()


def test_a_file_given_twice_is_refused(copies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = ["--signed", str(copies / "wso.pdf")] * 2
    out = str(tmp_path / "out.zip")
    assert run(["application", "package", str(copies / "answers.json"), *twice, "--out", out]) == 2
    assert "Two files are named wso.pdf" in capsys.readouterr().err
