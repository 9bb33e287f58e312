"""Write ``forms/*/*/printed_positions.json`` from the blank forms: where words, lines and blanks stand, no word."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.editions.recognition import recognise
from assistant.pdf.form.template import compile_template
from assistant.reading.form_positions import measure_pages
from assistant.scans.page_geometry import FILE

FORMS = Path(__file__).resolve().parents[2] / "forms"


def main(folder: Path) -> None:
    done = set()
    for file in sorted(folder.glob("*.pdf")):
        data = file.read_bytes()
        edition = recognise(compile_template(data))
        if edition is None or edition.name in done or edition.model is None:
            continue
        done.add(edition.name)
        pages = measure_pages(data, edition)
        document = {"pages": [page.to_document() for page in pages]}
        (FORMS / edition.name / FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        print(edition.name, file.name, [len(page.blanks) for page in pages])  # noqa: T201 - the command's result


if __name__ == "__main__":
    main(Path(sys.argv[1]))
