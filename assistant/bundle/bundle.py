"""The bundle: every document of an application in one ZIP, with a manifest; the same bytes for the same input.

Takes the filled forms as they come and knows nothing of how they were filled.
"""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from assistant import answers as answers_file
from assistant.bundle import email_draft
from assistant.bundle.file_names import safe_name, slug
from assistant.documents.checklist import checklist_pdf
from assistant.documents.entry_sheet import entry_sheet
from assistant.documents.fonts import all_printable, marked, printable
from assistant.documents.letter import letter_of_interest
from assistant.documents.readme import readme
from assistant.documents.roster import roster_pdf
from assistant.documents.roster_sheet import roster_xlsx
from assistant.documents.signing_instructions import signing_instructions
from assistant.documents.wording import LETTER_FILE, agreement_file, file_of, models_in_order
from assistant.editions.form_plan import plan_blanks
from assistant.errors import BlockedError
from assistant.program.imported_facts import imports_sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.documents.checklist import ChecklistReview
    from assistant.editions.form_plan import FilledForm, FormPlan
    from assistant.editions.library import FormOnHand

MANIFEST = "manifest.json"
README = "README.txt"
_EARLIEST, _LATEST = 1980, 2107  # the years a ZIP can write


def build(
    answers: Answers,
    plans: Mapping[Model, FormPlan],
    review: ChecklistReview,
    *,
    today: date,
    draft: bool,
    moas: Mapping[Model, bytes],
    letter: FilledForm | None = None,
    extra: Mapping[str, bytes] | None = None,
    paper: Answers | None = None,
) -> bytes:
    """Return the ZIP. ``moas`` are the official forms filled as planned; a model without one gets its entry sheet.

    ``letter`` is ICE's Letter of Interest, filled; without it the agency's own plain letter is made.

    ``extra`` are further documents by file name ("06-proof.pdf"), ``paper`` what ``on_paper`` returned where the
    caller has it already.

    Raises:
        BlockedError: a blocker stands, and this is not to be a draft.
        FillError: a letter in the answers cannot be printed; names the answer.
    """
    if not (review.ready or draft):
        raise BlockedError("There is a blocker. Fix what the checklist lists, or make a draft.")
    paper = paper or on_paper(answers, draft=draft)
    if paper is not answers:  # an entry sheet prints "?" for what cannot be printed
        plans = {model: plan if model in moas else plan_blanks(plan.form, paper) for model, plan in plans.items()}
    files = _documents(paper, plans, review, today=today, draft=draft, moas=moas, letter=letter)
    for name, data in (extra or {}).items():
        files[safe_name(name, files)] = data
    edition = letter.form.edition if letter else None
    files["email.eml"] = email_draft.draft(paper, today=today, draft=draft, letter=edition)
    files["answers.json"] = answers_file.dump(answers).encode()
    files[README] = readme(answers, [*files, MANIFEST, README], today=today, draft=draft, letter=edition).encode()
    official = {file_of(plans[model].form.edition): plans[model].form for model in moas}
    official |= {LETTER_FILE: letter.form} if letter else {}
    manifest: dict[str, object] = {
        "files": [_row(name, data, official.get(name)) for name, data in files.items()],
        "made": today.isoformat(),
        "draft": draft,
    }
    if facts := imports_sha256():
        # Which facts the documents were made from, where they are not those of the program.
        manifest["facts_sha256"] = facts
    files[MANIFEST] = (json.dumps(manifest, indent=2) + "\n").encode()
    return packed(folder_name(answers, today), files, today)


def on_paper(answers: Answers, *, draft: bool) -> Answers:
    """Return the answers as the documents print them: in a draft, "?" for each letter that cannot be printed.

    Raises:
        FillError: this is no draft, and a letter cannot be printed; names the answer.
    """
    document = answers_file.to_document(answers)
    if all_printable(json.dumps(document, ensure_ascii=False)):
        return answers
    if not draft:
        _check_letters(document, "")
        return answers
    return answers_file.from_document(_with_marks(document), any_text=True)


def folder_name(answers: Answers, today: date) -> str:
    """Return "example-county-sheriffs-office-287g-2026-01-31", safe as a file name on every system."""
    return f"{slug(answers.agency.legal_name or '')}-287g-{today.isoformat()}"


def _documents(
    answers: Answers,
    plans: Mapping[Model, FormPlan],
    review: ChecklistReview,
    *,
    today: date,
    draft: bool,
    moas: Mapping[Model, bytes],
    letter: FilledForm | None,
) -> dict[str, bytes]:
    models = models_in_order(answers.models)
    files = {LETTER_FILE: letter.data if letter else letter_of_interest(answers, today=today, draft=draft)}
    for model in models:
        if model in moas:
            files[file_of(plans[model].form.edition)] = moas[model]
        elif model in plans:
            plan = plans[model]
            sheet = entry_sheet(plan.form, plan.blanks, answers, today=today, draft=draft)
            files[agreement_file(model, is_filled=False)] = sheet
    files["03-nominee-roster.pdf"] = roster_pdf(answers, today=today, draft=draft)
    files["03-nominee-roster.xlsx"] = roster_xlsx(answers, today=today, draft=draft)
    files["04-checklist.pdf"] = checklist_pdf(answers, review, today=today, draft=draft)
    used = [*([letter.form] if letter else []), *(plans[model].form for model in models if model in plans)]
    files["05-signing-instructions.pdf"] = signing_instructions(answers, used, today=today, draft=draft)
    return files


def file_row(name: str, data: bytes) -> dict[str, object]:
    """Return a file's row in a manifest: name, size, SHA-256."""
    return {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _row(name: str, data: bytes, form: FormOnHand | None) -> dict[str, object]:
    row = file_row(name, data)
    if form is not None and form.data is not None:
        row["edition"] = form.edition.name
        row["official_sha256"] = form.sha256
        row["official_bytes"] = len(form.data)
    return row


def packed(folder: str, files: Mapping[str, bytes], today: date) -> bytes:
    """Return files in one folder as a ZIP; the same bytes for the same files and day."""
    out = BytesIO()
    day = (min(max(today.year, _EARLIEST), _LATEST), today.month, today.day, 0, 0, 0)
    # Stored: the PDFs are packed already, and packing again takes twenty times as long.
    with ZipFile(out, "w", ZIP_STORED) as bundle:
        for name, data in files.items():
            entry = ZipInfo(f"{folder}/{name}", day)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            bundle.writestr(entry, data)
    return out.getvalue()


def _with_marks(value: Any) -> Any:
    if isinstance(value, str):
        return marked(value)
    if isinstance(value, dict):
        return {key: _with_marks(item) for key, item in value.items()}
    return [_with_marks(item) for item in value] if isinstance(value, list) else value


def _check_letters(value: object, path: str) -> None:
    if isinstance(value, str):
        printable(value, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_letters(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            _check_letters(item, f"{path}.{place}")
