"""Drafts of editions, from an unknown PDF to a registered folder: proposed, tried out, registered by a person."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.answers import to_document as answers_document
from assistant.disk import create_atomically
from assistant.editions.catalog import all_editions, local_editions_dir, local_fingerprint, read_edition
from assistant.editions.form_plan import FilledForm, fill_form
from assistant.editions.library import FormOnHand, examine_form
from assistant.editions.recognition import check_map
from assistant.errors import EditionError, InputError
from assistant.mapping.confirm import STAY_UNSAID
from assistant.mapping.drafts import Draft
from assistant.mapping.identity import FORMS
from assistant.mapping.lines import edition_from, from_document, lines_of, rows_from, to_document
from assistant.mapping.readings import NOT_MAPPED
from assistant.mapping.toml import draft_toml, registered_toml
from assistant.pdf.form.template import compile_template
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox

if TYPE_CHECKING:
    from assistant.answers import Answers
    from assistant.editions.catalog import Edition
    from assistant.editions.library import FormLibrary
    from assistant.mapping.confirm import DeclaredIdentity
    from assistant.mapping.lines import MapDocument
    from assistant.services.form_maps.task_results import CheckedDraft, FilledTrial, LabelledForm, ProposedForm

MAP = "edition.toml"
TRIAL = "trial-fill.pdf"
TRIAL_MARK = "TRIAL FILL of a proposed map – not to be signed or sent"


NO_TEXT = (
    "The PDF has only pictures and no text. Use the form as ICE publishes it, or a copy saved from it, but not a scan."
)


_TASKS = "assistant.services.form_maps.draft_tasks"
PROPOSE: Task[ProposedForm] = define_task(_TASKS, "propose_form", seconds=20, seconds_per_page=2)
DRAW_MAP: Task[dict[str, str]] = define_task(_TASKS, "draw_map", seconds_per_page=1)
CHECK_DRAFT: Task[CheckedDraft] = define_task(_TASKS, "check_draft", seconds=20, seconds_per_page=1)
FILL_TRIAL: Task[FilledTrial] = define_task(_TASKS, "fill_trial", seconds_per_page=1)
LABEL: Task[LabelledForm] = define_task(_TASKS, "label_form", seconds_per_page=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapProposal:
    """What the sandbox made of an unknown form."""

    draft: Draft
    known_edition: str | None
    """The edition that it is a copy of, where it is known after all."""
    filled: str
    """Why the copy cannot be used, "" where nobody wrote into it."""
    unfit: str
    """Why the form, where it is known after all, cannot be filled; else ""."""


def propose_draft(data: bytes, library: FormLibrary, declared: DeclaredIdentity | None = None) -> MapProposal:
    """Return a draft of the edition that a PDF seems to be, or is as a person says, and whether it can be used.

    The available forms help to know its pages again. The PDF is opened in the sandbox alone.

    Raises:
        InputError: what a person says does not fit the form.
        PdfError: it cannot be read, or not within the limits.
        BusyError: this computer has no time for it now.
    """
    with TemporaryDirectory(prefix="moa-forms-") as folder:
        library.write_to(Path(folder))
        proposal = run_in_sandbox(PROPOSE, data, declared.to_document() if declared else None, folder)
    identity, lines = from_document(proposal["map"])
    edition, sideways = edition_from(identity, lines), tuple(proposal["sideways"])
    draft = Draft(identity=identity, edition=edition, rows=rows_from(lines), sideways=sideways)
    return MapProposal(
        draft=draft, known_edition=proposal["known_edition"], filled=proposal["filled"], unfit=proposal["unfit"]
    )


def draft_files(draft: Draft, data: bytes) -> dict[str, bytes]:
    """Return the files of a draft's folder: the map, and a picture of each page that has a blank."""
    pictures = run_in_sandbox(DRAW_MAP, data, map_of(draft))
    return {MAP: draft_toml(draft).encode(), **{name: base64.b64decode(text) for name, text in pictures.items()}}


def label_form(data: bytes) -> tuple[bytes, int]:
    """Return a copy in which every field shows its own name, and how many fields there are.

    Raises:
        FillError: a name cannot be written.
        PdfError: it cannot be read, or not within the limits.
    """
    result = run_in_sandbox(LABEL, data)
    return base64.b64decode(result["pdf"]), result["fields"]


def fill_trial(draft: Draft, data: bytes, answers: Answers) -> bytes:
    """Return the PDF filled as a draft says, every page marked as a trial; errors as ``try_edition``."""
    return base64.b64decode(run_in_sandbox(FILL_TRIAL, data, map_of(draft), answers_document(answers))["pdf"])


def map_of(draft: Draft) -> MapDocument:
    """Return a draft as JSON."""
    return to_document(draft.identity, lines_of(draft))


def try_edition(edition: Edition, data: bytes, answers: Answers) -> FilledForm:
    """Return the PDF filled as a map says and read back, every page marked as a trial; it runs in the sandbox.

    Raises:
        EditionError: the map does not fit the PDF.
        FillError: what was read back is not what was meant.
    """
    template = compile_template(data)
    check_map(edition, template)
    form = FormOnHand(edition=edition, data=data, sha256=template.sha256)
    return fill_form(form, answers, draft=True, mark=TRIAL_MARK)


def register(folder: Path, data: bytes, library: FormLibrary | None = None) -> Edition:
    """Take a draft's folder in among the known editions; ``data`` is the PDF that it maps.

    With a library a copy that is filled in is refused; what is a print of a form with fields is compared with that.

    Raises:
        EditionError: the map is badly written, does not fit the PDF, leaves a blank undecided, or is of an edition
            that is known already.
        InputError: the copy is filled in, or it is unknown whether it is; or a trial fill with made-up answers failed.
        PdfError: the PDF cannot be read.
        BusyError: this computer has no time for it now.
    """
    file = folder.resolve() / MAP
    if not file.is_file():
        raise EditionError(f"{folder} has no {MAP}. Use the folder that `moa forms map` wrote.")
    text = file.read_bytes()
    edition = read_edition(file)
    with TemporaryDirectory(prefix="moa-forms-") as forms:
        if library is not None:
            library.write_to(Path(forms))
        result = run_in_sandbox(CHECK_DRAFT, data, str(file), forms)
    if result["known_edition"]:
        raise EditionError(
            f"This program already knows this PDF as {result['known_edition']}. There is nothing to register."
        )
    if edition.name in {known_edition.name for known_edition in all_editions()}:
        raise EditionError(f"There is already an edition {edition.name}. Rename the folder: the date, a dot, a word.")
    _check_decided(edition)
    if result["misfit"]:
        raise EditionError(result["misfit"])
    if result["unfillable"]:
        raise InputError(result["unfillable"])
    if library is not None and result["filled"]:
        raise InputError(result["filled"])
    place = local_editions_dir() / edition.form_id / edition.edition_id / MAP
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    create_atomically(place, registered_toml(text))
    try:
        existing = examine_form(data)["edition"]
    except BaseException:
        place.unlink()
        raise
    if existing != edition.name:
        place.unlink()
        raise EditionError(
            f"{MAP}: the stamp, words or pages do not match the PDF, so the form would not be recognized. Correct them."
        )
    return edition


def _check_decided(edition: Edition) -> None:
    if edition.recognise is None:
        raise EditionError(f"{MAP} has no part [recognise] that would identify the form: {STAY_UNSAID}")
    if edition.form_id not in FORMS or FORMS[edition.form_id] != edition.model:
        raise EditionError(f"{MAP}: the folder {edition.form_id} and the model do not match: {STAY_UNSAID}")
    for blank in edition.left_blank:
        if blank.reason.startswith(NOT_MAPPED):
            order = "say in the map what goes in, or why it stays empty."
            if blank.line is not None and edition.recognise.acroform:
                order = "the form has no field there. Give the reason why it stays empty, or remove the line."
            raise EditionError(f"{MAP}: {blank.blank} is not decided; {order}")
        if blank.side == "unknown":
            raise EditionError(f'{MAP}: say whose {blank.blank} is: side = "agency" or side = "ice".')


def left_out() -> list[tuple[str, str]]:
    """Return (file, why) of the user's own editions that nothing uses."""
    problems = []
    for file, *_ in local_fingerprint():
        try:
            edition = read_edition(Path(file))
        except (EditionError, OSError) as error:
            problems.append((file, str(error)))
        else:
            if edition not in all_editions():
                problems.append((file, f"an edition called {edition.name} comes with the program. Rename the folder."))
    return problems
