"""README.txt of a bundle: what each file is, and what to do next."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from assistant.documents.wording import DRAFT, LETTER_FILE, agency_name, agreement_file, model_name, models_in_order
from assistant.editions.formats import join_with_and, long_date
from assistant.program import get_model, recipient_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.editions.catalog import Edition

LINE_LETTERS = 78
_OFFICIAL_LETTER = "ICE's Letter of Interest form, filled, to sign"
_SAYS = {
    LETTER_FILE: "the agency's letter of interest, to sign",
    "03-nominee-roster.pdf": "the nominees and their criteria; keep it, do not send it now",
    "03-nominee-roster.xlsx": "the same as a spreadsheet",
    "04-checklist.pdf": "what the review found, and the steps, to print and check off",
    "05-signing-instructions.pdf": "who signs where, what stays blank, how to scan and send",
    "05-signature-pages.pdf": "only the signature page of each MOA, to sign by hand; send the whole MOA with it",
    "06-proof.pdf": "what this program read back from every filled form",
    "email.eml": "a draft of the e-mail to ICE; it has not been sent, and nothing is attached yet",
    "answers.json": "the answers that all of this was made from",
    "manifest.json": "size and SHA-256 of every file",
    "README.txt": "this text",
}


def readme(answers: Answers, names: Iterable[str], *, today: date, draft: bool, letter: Edition | None = None) -> str:
    """Return the text, for these files in the bundle; ``letter``: that of ICE's Letter of Interest, where it is filled.

    Without one the letter is the agency's own.
    """
    names = tuple(names)
    models = models_in_order(answers.models)
    about = f"287(g) application of {agency_name(answers)}"
    lines = [about, "=" * min(len(about), LINE_LETTERS), "", f"Made on {long_date(today)}."]
    if models:
        lines.append(f"Models: {join_with_and([model_name(model) for model in models])}.")
    if draft:
        lines += ["", DRAFT + ". Every page says so.", "04-checklist.pdf says what is still missing."]
    lines += ["", "What each file is", "-----------------"]
    for name in names:
        says = _OFFICIAL_LETTER if letter and name == LETTER_FILE else _says(name, models)
        first, *more = wrap(says, LINE_LETTERS - 30)
        lines += [f"{name:<29} {first}", *(f"{'':<29} {line}" for line in more)]
    lines += ["", "What to do next", "---------------"]
    for number, step in enumerate(_steps(names, draft=draft), 1):
        lines += wrap(step, LINE_LETTERS, initial_indent=f"{number}. ", subsequent_indent="   ")
    lines += [
        "",
        *wrap(_PROOF.format(files=f"{LETTER_FILE} and 02-moa-*.pdf" if letter else "02-moa-*.pdf"), LINE_LETTERS),
    ]
    return "\n".join(lines) + "\n"


_PROOF = (
    "A filled official form begins with the unchanged official file: the first official_bytes bytes of {files} "
    "have the hash official_sha256 (see manifest.json). Anyone can check that nothing printed on the official "
    "form was changed."
)


def _says(name: str, models: Iterable[Model]) -> str:
    for model in models:
        if name == agreement_file(model):
            return f"the official MOA form, {get_model(model).name}, filled, to sign"
        if name == agreement_file(model, is_filled=False):
            return f"NOT the official form: what to write in the MOA form, {get_model(model).name}"
    return _SAYS.get(name, "added to this bundle")


def _steps(names: Sequence[str], *, draft: bool) -> list[str]:
    if draft:
        return [
            "Open 04-checklist.pdf and fix the blockers.",
            "Make the bundle again. Do not sign or send anything from this one.",
        ]
    sheets = any(name.startswith("02-entry-sheet-") for name in names)
    return [
        *(["Get the official form for each 02-entry-sheet-*.pdf, and do what the sheet says."] if sheets else []),
        "Read all of every agreement with counsel.",
        "Sign and date the letter and every MOA as 05-signing-instructions.pdf says.",
        "Scan all pages of what was signed on paper, one PDF for each document.",
        f"Open email.eml, attach the signed copies, and send it to {recipient_address()}.",
        "Keep the signed copies and the sent message.",
    ]
