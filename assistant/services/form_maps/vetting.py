"""Does to a blank form in the sandbox all that is done to it outside later: reads, draws, fills and proves it.

A form that is kept is filled in this process, many times a second. One that ICE published is known by its hash; any
other copy has to go through this first, so that what a page or a command does to it later is known to end.
"""

from __future__ import annotations

from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING

from assistant.answers import parse
from assistant.documents.signing_picture import signing_picture
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormOnHand
from assistant.editions.recognition import inspect
from assistant.errors import AssistantError
from assistant.pdf.viewer.render import page_png

if TYPE_CHECKING:
    from assistant.editions.recognition import InspectedForm

PICTURE_WIDTH_PX = 1000  # px, as in previews


def exercise_form(data: bytes) -> InspectedForm:
    """Return what a PDF is, as ``inspect_document`` does, after all was done to it that is done to a known form.

    Raises:
        PdfError: it cannot be read or drawn.
    """
    inspection = inspect(data)
    if inspection.edition is None:
        return inspection.to_document()
    for page in range(len(inspection.template.pages)):
        page_png(data, page, width=PICTURE_WIDTH_PX)
    form = FormOnHand(edition=inspection.edition, data=data, sha256=inspection.template.sha256)
    answers = parse((files("assistant.program") / "data" / "made-up-agency.json").read_bytes())
    signing_picture(inspection.edition, data)
    # Whether the fill proves right is asked when it is filled for somebody.
    with suppress(AssistantError):
        fill_form(form, answers, draft=True)
    return inspection.to_document()
