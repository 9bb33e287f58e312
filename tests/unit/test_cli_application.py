"""The commands an agency's scripts rely on: exit statuses, sentences, and what is written or not."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from assistant.cli.main import run
from tests.unit.made_forms import blank_paper

if TYPE_CHECKING:
    from pathlib import Path


def moa(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, encoding="utf-8")


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence of a refusal: status 2, nothing on standard output, no traceback."""
    assert done.returncode == 2, done.stderr
    assert not done.stdout
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr.strip()


@pytest.fixture(scope="module")
def bundle(example_path: Path, official_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    done = moa("application", "export", str(example_path), "--out", str(out), "--forms", str(official_forms),
               "--today", "2026-02-01")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Nothing has been sent" in done.stderr
    return out.read_bytes()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_the_bundle_holds_what_the_contract_names(bundle: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {
            "example-county-sheriffs-office-287g-2026-02-01"
        }
    assert set(members(bundle)) == {
        *("01-letter-of-interest.pdf", "02-moa-tfm.pdf", "02-moa-wso.pdf", "03-nominee-roster.pdf"),
        *("03-nominee-roster.xlsx", "04-checklist.pdf", "05-signing-instructions.pdf", "05-signature-pages.pdf"),
        *("06-proof.pdf", "email.eml", "answers.json", "manifest.json", "README.txt"),
    }


def test_the_manifest_tells_the_truth(bundle: bytes, official_forms: Path) -> None:
    found = members(bundle)
    manifest: dict[str, Any] = json.loads(found.pop("manifest.json"))
    assert (manifest["made"], manifest["draft"]) == ("2026-02-01", False)
    assert {row["name"] for row in manifest["files"]} == set(found)
    for row in manifest["files"]:
        data = found[row["name"]]
        assert (len(data), hashlib.sha256(data).hexdigest()) == (row["bytes"], row["sha256"])
        if row["name"].startswith("02-moa"):
            assert hashlib.sha256(data[: row["official_bytes"]]).hexdigest() == row["official_sha256"]
    editions = {row["name"]: row["edition"] for row in manifest["files"] if "edition" in row}
    assert editions == {"02-moa-tfm.pdf": "moa-tfm/2025-03-07", "02-moa-wso.pdf": "moa-wso/2025-02-15"}
    blanks = {hashlib.sha256(file.read_bytes()).hexdigest() for file in official_forms.glob("*.pdf")}
    assert {row["official_sha256"] for row in manifest["files"] if "edition" in row} <= blanks


def test_the_draft_mail_is_addressed_and_carries_nothing(bundle: bytes) -> None:
    message = email.message_from_bytes(members(bundle)["email.eml"], policy=email.policy.default)
    assert message["To"] == "ERO287g@ice.dhs.gov"
    assert message["X-Unsent"] == "1"
    assert not list(message.iter_attachments())


def test_the_same_input_gives_the_same_bytes(
    bundle: bytes, example_path: Path, official_forms: Path, tmp_path: Path
) -> None:
    out = tmp_path / "again.zip"
    moa("application", "export", str(example_path), "--out", str(out), "--forms", str(official_forms),
        "--today", "2026-02-01")  # fmt: skip
    assert out.read_bytes() == bundle


def test_answers_come_back_to_the_byte(bundle: bytes, example_path: Path) -> None:
    assert members(bundle)["answers.json"] == example_path.read_bytes()


def test_a_blocker_refuses_the_export_and_a_draft_marks_it(
    example_path: Path, official_forms: Path, tmp_path: Path
) -> None:
    document = json.loads(example_path.read_text("utf-8"))
    document["nominees"][0]["us_citizen"] = False
    answers, out = tmp_path / "answers.json", tmp_path / "bundle.zip"
    answers.write_text(json.dumps(document), "utf-8")
    common = [str(answers), "--out", str(out), "--forms", str(official_forms), "--today", "2026-02-01"]
    done = moa("application", "export", *common)
    assert done.returncode == 1
    assert "blocks the export" in done.stderr
    assert not out.exists()
    done = moa("application", "export", *common, "--draft")
    assert done.returncode == 1
    assert json.loads(members(out.read_bytes())["manifest.json"])["draft"] is True
    review = moa("application", "review", str(answers), "--json", "--today", "2026-02-01")
    assert review.returncode == 1
    found = json.loads(review.stdout)
    assert found["ready"] is False
    assert [f["where"] for f in found["findings"] if f["severity"] == "blocker"] == ["nominees.0.us_citizen"]


def test_a_text_that_is_too_long_says_where_a_shorter_wording_goes(
    example_path: Path, official_forms: Path, tmp_path: Path
) -> None:
    document = json.loads(example_path.read_text("utf-8"))
    document["agency"]["legal_name"] = "Example County Sheriff’s Office " * 9
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(document), "utf-8")
    common = [str(answers), "--forms", str(official_forms), "--today", "2026-02-01"]
    found = json.loads(moa("application", "review", *common, "--json").stdout)["findings"]
    long = [finding for finding in found if finding["code"] in {"text-clipped", "text-tiny"}]
    assert {finding["where"] for finding in long} >= {"agency.legal_name"}
    for finding in long:
        assert f'"short_wordings": {{"{finding["where"]}": "…"}}' in finding["message"]
    assert '"short_wordings": {"agency.legal_name": "…"}' in moa("application", "review", *common).stdout
    out = tmp_path / "bundle.zip"
    moa("application", "export", *common, "--out", str(out), "--draft")
    checklist = subprocess.run(
        ["pdftotext", "-", "-"], input=members(out.read_bytes())["04-checklist.pdf"], capture_output=True, check=True
    )
    assert "Choose a shorter wording for this blank." in " ".join(checklist.stdout.decode().split())
    assert "short_wordings" not in checklist.stdout.decode(), "the paper is also for who works in the browser"


def test_without_official_forms_entry_sheets_take_their_place(example_path: Path, tmp_path: Path) -> None:
    empty, out = tmp_path / "forms", tmp_path / "bundle.zip"
    empty.mkdir()
    done = moa("application", "export", str(example_path), "--out", str(out), "--forms", str(empty))
    assert done.returncode == 0, done.stderr
    names = set(members(out.read_bytes()))
    assert {"02-entry-sheet-tfm.pdf", "02-entry-sheet-wso.pdf"} <= names
    assert not any(name.startswith("02-moa") for name in names)


BAD_ANSWERS = {
    "no JSON": ("{", "not JSON"),
    "a list": ("[]", "one JSON object"),
    "an unknown key": ('{"format": "moa-application/1", "agency": {"nmae": "x"}}', "agency.nmae"),
    "a wrong type": ('{"format": "moa-application/1", "models": "TFM"}', "models"),
    "a bad date": (
        '{"format": "moa-application/1", "approvals": {"counsel_reviewed_on": "2026-02-30"}}',
        "approvals.counsel_reviewed_on",
    ),
    "another format": ('{"format": "moa-application/2"}', "format"),
    "an unknown edition": (
        '{"format": "moa-application/1", "models": ["TFM"], "editions": {"TFM": "1999-01-01"}}',
        "editions.TFM",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_bad_answers_get_one_sentence_and_write_nothing(name: str, tmp_path: Path) -> None:
    text, part = BAD_ANSWERS[name]
    answers, out, empty = tmp_path / "answers.json", tmp_path / "bundle.zip", tmp_path / "forms"
    answers.write_text(text, "utf-8")
    empty.mkdir()
    sentence = refused(moa("application", "export", str(answers), "--out", str(out), "--forms", str(empty)))
    assert part in sentence
    assert not out.exists()


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    file.write_bytes(b"hello")
    assert "not a PDF" in refused(moa("forms", "inspect", str(file)))
    assert "does not exist" in refused(moa("forms", "inspect", str(tmp_path / "absent.pdf")))


def test_an_unknown_pdf_is_no_error_to_inspect_and_one_to_keep(bundle: bytes, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(members(bundle)["01-letter-of-interest.pdf"])
    done = moa("forms", "inspect", str(file), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["edition"] is None
    assert "not one of the form editions this program knows" in refused(moa("forms", "add", str(file)))


def test_forms_are_kept_listed_checked_and_taken_out(
    official_forms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    assert moa("forms", "add", str(official_forms / "moa-tfm-rev2025-02-12.pdf")).returncode == 0
    assert moa("forms", "add", str(official_forms / "moa-tfm-rev2025-02-12.pdf")).returncode == 0
    (kept,) = json.loads(moa("forms", "list", "--json").stdout)
    assert kept["edition"] == "moa-tfm/2025-02-12"
    assert "fields" not in kept
    checked = json.loads(moa("forms", "check", "--json").stdout)
    assert [row["ok"] for row in checked if row["edition"] == "moa-tfm/2025-02-12"] == [True]
    assert moa("forms", "remove", kept["id"][:12]).returncode == 0
    assert json.loads(moa("forms", "list", "--json").stdout) == []
    assert "no such form" in refused(moa("forms", "remove", kept["id"][:12]))


def test_a_labelled_copy_shows_the_names(official_forms: Path, tmp_path: Path) -> None:
    out = tmp_path / "labelled.pdf"
    form = official_forms / "moa-tfm-rev2025-02-12.pdf"
    assert moa("forms", "label", str(form), "--out", str(out)).returncode == 0
    text = subprocess.run(["pdftotext", "-layout", str(out), "-"], capture_output=True, check=True).stdout.decode()
    for name in ("name of LEA", "Local OPLA Location", "Date_2", "Text10", "For the LEA 5"):
        assert name in text


def test_without_fields_there_is_nothing_to_label(tmp_path: Path) -> None:
    out = tmp_path / "labelled.pdf"
    done = moa("forms", "label", str(blank_paper(tmp_path / "blank.pdf")), "--out", str(out))
    assert "no fields to label" in refused(done)
    assert not out.exists()


@pytest.mark.usefixtures("font")
def test_the_demo_makes_a_bundle_out_of_the_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    out = tmp_path / "demo.zip"
    done = moa("demo", "--out", str(out), "--today", "2026-02-01")
    assert done.returncode == 0, done.stderr
    assert "02-entry-sheet-tfm.pdf" in members(out.read_bytes())


def test_a_filled_form_is_no_blank_one(bundle: bytes, example_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    for name in ("02-moa-tfm.pdf", "02-moa-wso.pdf"):
        (folder / name).write_bytes(members(bundle)[name])
        assert "already filled in" in refused(moa("forms", "add", str(folder / name)))
    done = moa("application", "export", str(example_path), "--out", str(tmp_path / "b.zip"), "--forms", str(folder))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("is skipped. ") == 2
    assert "02-moa-wso.pdf is skipped. It is already filled in" in done.stderr
    assert "02-entry-sheet-wso.pdf" in members((tmp_path / "b.zip").read_bytes())


def test_the_demo_without_the_font_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("assistant.config.assets_dir", lambda: None)
    assert run(["demo", "--out", str(tmp_path / "demo.zip")]) == 2
    said = capsys.readouterr().err
    assert "fonts are missing: run" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "demo.zip").exists()


@pytest.mark.usefixtures("font")
def test_nothing_but_an_ordinary_file_is_written_over(example_path: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_bytes(example_path.read_bytes())
    for out, words in (
        ("/dev/null", "not an ordinary file"),
        ("", "Name the file"),
        (str(answers), "the file to read"),
    ):
        assert words in refused(moa("application", "export", str(answers), "--out", out))
    assert answers.read_bytes() == example_path.read_bytes()
    target, link = tmp_path / "target.zip", tmp_path / "link.zip"
    target.write_bytes(b"")
    link.symlink_to(target)
    assert moa("demo", "--out", str(link)).returncode == 0
    assert link.is_symlink()
    assert target.read_bytes().startswith(b"PK")


def test_answers_are_read_out_of_agreements_only(bundle: bytes, tmp_path: Path) -> None:
    file = tmp_path / "checklist.pdf"
    file.write_bytes(members(bundle)["04-checklist.pdf"])
    assert "not recognize this PDF as an agreement" in refused(moa("application", "read", str(file)))
    inspected = json.loads(moa("forms", "inspect", str(file), "--json").stdout)
    assert (inspected["edition"], inspected["revision"]) == (None, None)
    filled = tmp_path / "wso.pdf"
    filled.write_bytes(members(bundle)["02-moa-wso.pdf"])
    found = json.loads(moa("application", "read", str(filled), "--json").stdout)
    assert found["edition"] == "moa-wso/2025-02-15"
    assert found["answers"]["agency"]["legal_name"] == "Example County Sheriff’s Office"
