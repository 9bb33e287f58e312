"""Write ``assistant/reading/data/pages.json`` from the blank official forms: counted words, digested."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assistant.pdf.seen import Seen
from assistant.pdf.template import compile_template
from assistant.reading.known import counted
from assistant.reading.tokens import tokens_of
from assistant.recognition import recognise

TARGET = Path(__file__).resolve().parents[2] / "assistant" / "reading" / "data" / "pages.json"


def main(folder: Path) -> None:
    stored = {}
    for file in sorted(folder.glob("*.pdf")):
        edition = recognise(compile_template(file.read_bytes()))
        if edition is None or edition.name in stored:
            continue
        with Seen(file.read_bytes()) as seen:
            stored[edition.name] = [
                dict(sorted(counted(token.key for token in tokens_of(page)).items())) for page in seen.pages
            ]
    TARGET.write_text(json.dumps(stored, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
