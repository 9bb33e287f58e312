"""Drafts of editions, from an unknown PDF to a registered folder: proposed, tried out, taken in by a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.disk import put_new
from assistant.editions import all_editions, own_dir, own_stamp, read_edition
from assistant.errors import EditionError, PdfError
from assistant.library import FilledForm, FormOnHand, fill_form
from assistant.mapping.confirm import STAY_UNSAID
from assistant.mapping.drafts import Draft, draft_edition
from assistant.mapping.identity import FORMS
from assistant.mapping.pictures import page_pictures
from assistant.mapping.readings import NOT_MAPPED
from assistant.mapping.toml import draft_toml, registered_toml
from assistant.pdf.guard import guarded
from assistant.pdf.limits import IS_XFA
from assistant.pdf.render import only_pictures
from assistant.pdf.template import compile_template
from assistant.recognition import check_map, recognise
from assistant.services.trial_fills import refuse_unfillable

if TYPE_CHECKING:
    from assistant.answers import Answers
    from assistant.editions import Edition
    from assistant.library import FormLibrary
    from assistant.mapping.confirm import Said

MAP = "edition.toml"
TRIAL = "trial-fill.pdf"
TRIAL_MARK = "TRIAL FILL of a proposed map – not to be signed or sent"


NO_TEXT = (
    "The PDF holds only pictures, no text; get the form as ICE publishes it, or a copy saved from that one, not a scan."
)


def propose_edition(data: bytes, library: FormLibrary, said: Said | None = None) -> Draft:
    """Return a draft of the edition that a PDF seems to be, or is as a person says.

    The forms on hand help to know its pages again.

    Raises:
        InputError: what a person says does not fit the form.
        PdfError: it cannot be read, or not within the limits.
    """
    # A child process reads the stranger's file first; only one that it survives is read here.
    guarded("assistant.mapping.drafts:draft_document", data)
    if only_pictures(compile_template(data).drawable):
        raise PdfError(NO_TEXT)
    if compile_template(data).xfa:
        raise PdfError(IS_XFA)
    forms = {form.edition.name: form.template for form in library.on_hand()}
    known = {name: template for name, template in forms.items() if template is not None}
    return draft_edition(compile_template(data), all_editions(), known, said)


def draft_files(draft: Draft, data: bytes) -> dict[str, bytes]:
    """Return the files of a draft's folder: the map, and a picture of each page that has a blank."""
    return {MAP: draft_toml(draft).encode(), **page_pictures(compile_template(data), draft.rows)}


def try_edition(edition: Edition, data: bytes, answers: Answers) -> FilledForm:
    """Return the PDF filled as a map says and read back, every page marked as a trial.

    Raises:
        EditionError: the map does not fit the PDF.
        FillError: what was read back is not what was meant.
    """
    template = compile_template(data)
    check_map(edition, template)
    form = FormOnHand(edition=edition, data=data, sha256=template.sha256)
    return fill_form(form, answers, draft=True, mark=TRIAL_MARK)


def register(folder: Path, data: bytes) -> Edition:
    """Take a draft's folder in among the known editions; ``data`` is the PDF that it maps.

    Raises:
        EditionError: the map is badly written, does not fit the PDF, leaves a blank undecided, or is of an edition
            that is known already.
        InputError: a trial fill with made-up answers failed.
        PdfError: the PDF cannot be read.
    """
    guarded("assistant.recognition:inspect_document", data)
    template = compile_template(data)
    file = folder.resolve() / MAP
    if not file.is_file():
        raise EditionError(f"{folder} holds no {MAP}; give the folder that `moa forms map` wrote.")
    text = file.read_bytes()
    edition = read_edition(file)
    if recognised := recognise(template):
        raise EditionError(f"This PDF is {recognised.name} already; there is nothing to register.")
    if edition.name in {known.name for known in all_editions()}:
        raise EditionError(f"There is an edition {edition.name} already; rename the folder: the date, a dot, a word.")
    _check_decided(edition)
    check_map(edition, template)
    refuse_unfillable(edition, data)
    place = own_dir() / edition.form_id / edition.edition_id / MAP
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    put_new(place, registered_toml(text))
    taken = recognise(template)
    if taken is None or taken.name != edition.name:
        place.unlink()
        raise EditionError(
            f"{MAP}: stamp, words or pages are not the PDF's, so it would not be known again; correct them."
        )
    return edition


def _check_decided(edition: Edition) -> None:
    if edition.recognise is None:
        raise EditionError(f"{MAP} has no part [recognise] by which the form could be known again: {STAY_UNSAID}")
    if edition.form_id not in FORMS or FORMS[edition.form_id] != edition.model:
        raise EditionError(f"{MAP}: the folder {edition.form_id} and the model do not say the same: {STAY_UNSAID}")
    for blank in edition.left_blank:
        if blank.reason.startswith(NOT_MAPPED):
            order = "say in the map what goes in, or why it stays empty."
            if blank.line is not None and edition.recognise.acroform:
                order = "the form has no field there; give the reason why it stays empty, or take the line out."
            raise EditionError(f"{MAP}: {blank.blank} is not decided; {order}")
        if blank.side == "unknown":
            raise EditionError(f'{MAP}: say whose {blank.blank} is: side = "agency" or side = "ice".')


def left_out() -> list[tuple[str, str]]:
    """Return (file, why) of the user's own editions that nothing uses."""
    found = []
    for file, *_ in own_stamp():
        try:
            edition = read_edition(Path(file))
        except (EditionError, OSError) as error:
            found.append((file, str(error)))
        else:
            if edition not in all_editions():
                found.append((file, f"an edition called {edition.name} comes with the program; rename the folder."))
    return found
