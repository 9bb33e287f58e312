"""Look at many hostile files in one process, so that a crash costs no test run: one line of JSON for each.

python -m tests.hostile.child hostile name …
python -m tests.hostile.child mutants file first count
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary
from assistant.editions.recognition import inspect, page_text
from assistant.errors import PdfError
from assistant.pdf.form.template import compile_template
from tests.editions.scenarios import scenario
from tests.hostile.files import HOSTILE
from tests.hostile.mutants import mutant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answers import Answers


def look(data: bytes) -> dict[str, Any]:
    """Return what is made of a file: refused with a sentence, or what it is."""
    try:
        found = inspect(data)
    except PdfError as error:
        return {"refused": str(error)}
    document = found.to_document()
    return {"edition": document["edition"], "traps": [trap["code"] for trap in document["traps"]]}


def recognised(data: bytes, original: bytes, answers: Answers) -> dict[str, Any]:
    """Return how a mutant that is taken for an edition differs from the form, and whether its fill proves right."""
    form, other = compile_template(data), compile_template(original)
    library = FormLibrary([data])
    filled: dict[str, Any]
    if form.document.repaired:  # it is read, and never filled
        filled = {"refuses_fill": not library.on_hand() and bool(form.limits.no_fields and form.limits.no_pages)}
    else:
        filled = {"rows": len(fill_form(library.on_hand()[0], answers).proof.rows)}
    return {
        **filled,
        "fields": {n: [w.rect for w in f.widgets] for n, f in form.fields.items()}
        == {n: [w.rect for w in f.widgets] for n, f in other.fields.items()},
        "text": [n for n in range(len(other.pages)) if page_text(form, n) != page_text(other, n)],
    }


def mutants(original: bytes, first: int, count: int) -> Iterator[tuple[str, bytes]]:
    for seed in range(first, first + count):
        yield str(seed), mutant(original, seed)


def main() -> None:
    kind, *rest = sys.argv[1:]
    answers = scenario("example")
    original = Path(rest[0]).read_bytes() if kind == "mutants" else b""
    files = mutants(original, int(rest[1]), int(rest[2])) if original else ((name, HOSTILE[name]()) for name in rest)
    for name, data in files:
        start = time.perf_counter()
        answer: dict[str, Any] = {"name": name}
        try:
            answer |= look(data)
            answer["seconds"] = time.perf_counter() - start
            if answer.get("edition") and original:
                answer |= recognised(data, original, answers)
        except Exception as error:  # noqa: BLE001 - this is what the test is about
            answer["crashed"] = repr(error)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
