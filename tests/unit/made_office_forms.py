"""A made-up letter as an office program writes it: readers draw its fields again, its check boxes show a letter."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf

from assistant.editions.catalog import all_editions
from assistant.mapping.drafts import draft_edition
from assistant.mapping.toml import edition_toml
from assistant.pdf.form.template import compile_template
from tests.unit.made_letters import letter_pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def office_letter(change: Callable[[pikepdf.Pdf], None] | None = None, *, redrawn: bool = True) -> bytes:
    """Return the letter; its ticked boxes are drawn otherwise once readers no longer draw them themselves."""
    out = BytesIO()
    with pikepdf.open(BytesIO(letter_pdf(fields=True))) as pdf:
        name = pikepdf.Name
        fields = pdf.Root.AcroForm
        dingbats = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.ZapfDingbats)
        fields.DR.Font.ZaDi = pdf.make_indirect(dingbats)
        fields.NeedAppearances = redrawn
        for field in fields.Fields:
            if name.Btn == field.FT:
                look = b"q BT /ZaDi 8 Tf 2 2 Td (8) Tj ET Q"
                resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(ZaDi=fields.DR.Font.ZaDi))
                form = {"Type": name.XObject, "Subtype": name.Form, "BBox": [0, 0, 11, 11], "Resources": resources}
                field.AP.N.Yes = pdf.make_stream(look, **form)
                field.AS = field.V = field.DV = name.Yes
                field.DA = "0 0 0 rg /ZaDi 0 Tf"
                field.MK = pikepdf.Dictionary(CA="8")
        if change:
            change(pdf)
        pdf.save(out, static_id=True)
    return out.getvalue()


def field_of(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    return next(field for field in pdf.Root.AcroForm.Fields if str(field.T) == name)


def draft_folder(data: bytes, folder: Path) -> Path:
    """Write the map that is proposed for a form, and return the folder that ``moa forms register`` takes."""
    edition = draft_edition(compile_template(data), all_editions()).edition
    place = folder / "drafts" / edition.form_id / edition.edition_id
    place.mkdir(parents=True)
    (place / "edition.toml").write_text(edition_toml(edition), "utf-8")
    return place
