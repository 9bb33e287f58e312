"""Write ``assistant/reading/data/*.json`` from the blank forms: words, counted and digested; strips of ink; places."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.editions.recognition import recognise
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.block import signature_spots
from assistant.reading.known_pages import counted
from assistant.reading.shapes import strips
from assistant.reading.tokens import tokens_of
from assistant.reading.whole_page import page_spots

if TYPE_CHECKING:
    from assistant.answers import Model
    from assistant.pdf.viewer.viewed_pdf import ViewedPage
    from assistant.reading.tokens import Token

FOLDER = Path(__file__).resolve().parents[2] / "assistant" / "reading" / "data"
TOLD = frozenset({"lea_date", "lea_signature", "lea_title", "public", "contact", "contact_vii", "appendix_b", "opla"})
"""The slots whose emptiness is worth telling where nothing can be read."""


def main(folder: Path) -> None:
    words, shapes = {}, {}
    for file in sorted(folder.glob("*.pdf")):
        edition = recognise(compile_template(file.read_bytes()))
        if edition is None or edition.name in words or edition.model is None:
            continue
        with ViewedPdf(file.read_bytes()) as seen:
            read = [(page, tokens_of(page)) for page in seen.pages]
            words[edition.name] = [dict(sorted(counted(t.key for t in tokens).items())) for _, tokens in read]
            if edition.former:
                continue  # told by its words alone
            shapes[edition.name] = [_shape(seen, page, tokens, edition.model) for page, tokens in read]
    for name, stored in (("pages", words), ("shapes", shapes)):
        text = json.dumps(stored, separators=(",", ":"), sort_keys=True)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _shape(seen: ViewedPdf, page: ViewedPage, tokens: list[Token], model: Model) -> dict[str, Any]:
    picture = seen.picture(page)
    assert picture is not None
    rows, columns = ("".join(f"{value:x}" for value in strip) for strip in strips(picture))
    found = [*page_spots(page, tokens, model), *signature_spots(page, tokens)]
    spots = {spot.slot: spot for spot in found if spot.slot in TOLD and spot.boxes}
    return {
        "rows": rows,
        "columns": columns,
        "slots": {slot: [[round(n, 1) for n in box] for box in spot.boxes] for slot, spot in spots.items()},
        "labels": {
            slot: [[round(n, 1) for n in (t.x0, t.base, t.x1, t.base + 8)] for t in spot.printed]
            for slot, spot in spots.items()
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
