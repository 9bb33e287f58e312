"""What the sandbox does with a form that nobody knows: it runs in a child process, on a stranger's PDF.

Everything goes in and out as JSON values, paths and bytes in base64. ``folder`` holds the blank forms that are kept,
as ``FormLibrary.write_to`` leaves them there.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answers import from_document as answers_from
from assistant.editions.catalog import (
    all_editions,
    get_edition,
    read_edition,
)
from assistant.editions.json_edition import edition_from_document
from assistant.editions.library import FormLibrary
from assistant.editions.recognition import check_map, recognise, unfit
from assistant.errors import EditionError, InputError, PdfError
from assistant.mapping.blanks import sideways
from assistant.mapping.compare import compare_editions
from assistant.mapping.confirm import DeclaredIdentity, apply_declared, find_identity_problems
from assistant.mapping.drafts import draft_edition
from assistant.mapping.identity import Identity, identity_of
from assistant.mapping.lines import edition_from, from_document, lines_from, lines_of, rows_from, to_document
from assistant.mapping.pictures import page_pictures
from assistant.pdf.filling.label import label_fields
from assistant.pdf.form.limits import IS_XFA
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.render import only_pictures
from assistant.services.form_maps.edition_drafts import NO_TEXT, try_edition
from assistant.services.form_maps.filled_copies import refuse_filled
from assistant.services.form_maps.trial_fills import refuse_unfillable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.editions.catalog import Edition
    from assistant.editions.json_edition import EditionDocument
    from assistant.mapping.compare import DifferenceRow
    from assistant.mapping.confirm import DeclaredDocument
    from assistant.mapping.identity import IdentityDocument
    from assistant.mapping.lines import MapDocument
    from assistant.pdf.form.template import Template
    from assistant.services.form_maps.task_results import (
        CheckedDraft,
        ConfirmedIdentity,
        FilledTrial,
        FormPages,
        LabelledForm,
        LostText,
        PageSize,
        ProposedForm,
    )


def propose_form(data: bytes, declared: DeclaredDocument | None, folder: str) -> ProposedForm:
    """Return the proposed map, the pages that nothing can be written on, and why the copy cannot be used, if so.

    Raises:
        InputError: what a person says does not fit the form.
        PdfError: it holds no text, or cannot be filled.
    """
    template = compile_template(data)
    if only_pictures(template.drawable):
        raise PdfError(NO_TEXT)
    if template.xfa:
        raise PdfError(IS_XFA)
    library = FormLibrary.read_from(Path(folder))
    forms = {form.edition.name: form.template for form in library.on_hand()}
    forms_by_name = {name: form for name, form in forms.items() if form is not None}
    draft = draft_edition(
        template, all_editions(), forms_by_name, DeclaredIdentity.from_document(declared) if declared else None
    )
    recognised = recognise(template)
    return {
        "map": to_document(draft.identity, lines_of(draft)),
        "sideways": list(draft.sideways),
        "known_edition": recognised.name if recognised else None,
        "filled": _why_filled(draft.edition, template, library),
        "unfit": (unfit(template, recognised) or "") if recognised else "",
    }


def _why_filled(edition: Edition, template: Template, library: FormLibrary) -> str:
    try:
        refuse_filled(edition, template, library)
    except InputError as error:
        return str(error)
    return ""


def describe_pages(data: bytes) -> FormPages:
    """Return box and turn of each page, and the pages (from 1) that nothing can be written on.

    Raises:
        PdfError: it cannot be read.
    """
    template = compile_template(data)
    pages: list[PageSize] = [{"box": list(page.box), "rotate": page.rotate} for page in template.pages]
    return {"pages": pages, "sideways": list(sideways(template))}


def confirm_identity(
    data: bytes, identity: IdentityDocument, declared: DeclaredDocument, known_names: list[str]
) -> ConfirmedIdentity:
    """Return what does not fit of what a person says of a form, and where all fits the form as it is then called.

    Raises:
        PdfError: it cannot be read.
    """
    template, before, declared_identity = (
        compile_template(data),
        Identity.from_document(identity),
        DeclaredIdentity.from_document(declared),
    )
    wrong = find_identity_problems(before, template, declared_identity)
    return {
        "wrong": wrong,
        "identity": None if wrong else apply_declared(before, template, declared_identity, known_names).to_document(),
    }


def fill_trial(data: bytes, mapped: MapDocument, answers: Mapping[str, object]) -> FilledTrial:
    """Return the form filled as a draft's map says, how many blanks had a text, and those that could not hold theirs.

    Raises:
        EditionError: the map does not fit the form.
        FillError: what was read back is not what was meant.
    """
    filled = try_edition(edition_from(*from_document(mapped)), data, answers_from(answers))
    texts = [item for item in filled.plan.blanks if item.text]
    left_out: list[LostText] = [
        {"page": w.entry.page, "label": w.entry.label, "text": w.text} for w in texts if not w.prints_at
    ]
    pages = len(compile_template(data).pages)
    return {"pdf": base64.b64encode(filled.data).decode(), "pages": pages, "left_out": left_out, "tried": len(texts)}


def draw_map(data: bytes, mapped: MapDocument) -> dict[str, str]:
    """Return the pictures of the pages that have a blank, in base64, by file name.

    Raises:
        PdfError: it cannot be drawn.
    """
    _, lines = from_document(mapped)
    pictures = page_pictures(compile_template(data), rows_from(lines))
    return {name: base64.b64encode(picture).decode() for name, picture in pictures.items()}


def compare_forms(data: bytes, other: str, known_file: str, edition: EditionDocument) -> list[DifferenceRow]:
    """Return how the blanks of a form differ from those of a known edition, whose form lies in a file or "".

    ``edition`` is the map of ``data``, known or not.

    Raises:
        PdfError: one of them cannot be read.
    """
    other_template = compile_template(Path(known_file).read_bytes()) if known_file else None
    differences = compare_editions(
        get_edition(other), edition_from_document(edition), other_template, compile_template(data)
    )
    return [changes.to_document() for changes in differences]


def check_draft(data: bytes, file: str, folder: str) -> CheckedDraft:
    """Return the edition that a form is known as so far, how the map in a file does not fit it, why it is refused.

    Raises:
        PdfError: the form cannot be read.
    """
    template, edition = compile_template(data), read_edition(Path(file))
    recognized = recognise(template)
    result: CheckedDraft = {
        "known_edition": recognized.name if recognized else None,
        "misfit": "",
        "unfillable": "",
        "filled": "",
    }
    if recognized is None:
        try:
            check_map(edition, template)
        except EditionError as error:
            return {**result, "misfit": str(error)}
        try:
            refuse_unfillable(edition, data)
        except InputError as error:
            return {**result, "unfillable": str(error)}
        result["filled"] = _why_filled(edition, template, FormLibrary.read_from(Path(folder)))
    return result


def check_known_map(data: bytes, name: str) -> None:
    """Check the map of a known edition against its form.

    Raises:
        EditionError: it does not fit.
        PdfError: the form cannot be read.
    """
    check_map(get_edition(name), compile_template(data))


def take_apart(data: bytes, name: str) -> MapDocument:
    """Return the map of a known edition as a draft of it, beside its form.

    Raises:
        PdfError: the form cannot be read.
    """
    template, edition = compile_template(data), get_edition(name)
    return to_document(identity_of(edition, template.sha256), lines_from(edition, template))


def label_form(data: bytes) -> LabelledForm:
    """Return a copy in which every field shows its name, in base64, and how many fields there are.

    Raises:
        FillError: a name cannot be written.
        PdfError: it cannot be read.
    """
    template = compile_template(data)
    labelled = label_fields(template) if template.fields else b""
    return {"pdf": base64.b64encode(labelled).decode(), "fields": len(template.fields)}
