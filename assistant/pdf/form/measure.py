"""How a text fits into a box: its size there, and whether it is cut or cannot be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.pdf.form import embedded_font
from assistant.pdf.form.font import letters_in
from assistant.pdf.form.layout import Fit, TextBox, fit
from assistant.text import drawn_form

if TYPE_CHECKING:
    from assistant.pdf.form.font import SimpleFont


def tightest(fits: list[Fit]) -> Fit:
    """Return the fit that is worst off: a clipped one first, then the smallest size."""
    return min(fits, key=lambda f: (not f.clipped, not f.missing, f.size))


def measure_in(box: TextBox, text: str, font: SimpleFont | None) -> Fit:
    """Return how a text fits into a box, written with the form's font or the embedded one."""
    text_as_drawn = drawn_form(text)
    letters = letters_in(text_as_drawn, multiline=box.multiline)
    if font is not None and font.can_write(letters):
        return fit(box, text_as_drawn, font.width)
    if missing := embedded_font.unwritable(letters):
        return Fit(box.best_size, clipped=True, best_size=box.best_size, missing=missing)
    return fit(box, text_as_drawn, embedded_font.fallback().width)


def measure_flat(box: TextBox, text: str) -> Fit:
    """Return how a text fits into a rectangle of a flat page."""
    return measure_in(box, text, embedded_font.flat_font())
