"""Time the whole bundle, warm: two agreements, letter, roster, checklist, signing instructions, proof, mail, ZIP.

What reading the agreements back takes of it (pdfium, letter by letter) is said beside it.

python tests/load/bench_bundle.py [--json] [--forms DIR]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant.answers import parse  # noqa: E402 - the checkout's own code comes first
from assistant.editions.library import FormLibrary  # noqa: E402 - as above
from assistant.pdf.filling.proof import prove  # noqa: E402 - as above
from assistant.services.application.make_bundle import make  # noqa: E402 - as above

if TYPE_CHECKING:
    from assistant.pdf.filling.proof import Proof

SHARED = ROOT.parent / "shared"
TODAY = date(2026, 2, 1)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Time the whole bundle.")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--forms", type=Path, default=SHARED / "official-forms", help="the folder of the blank forms")
    options = parser.parse_args()
    library = FormLibrary.from_directory(options.forms)
    example = parse((SHARED / "design" / "example-application.json").read_bytes())
    proving: list[float] = []

    def timed(*given: Any, **named: Any) -> Proof:
        start = time.perf_counter()
        proof = prove(*given, **named)
        proving.append((time.perf_counter() - start) * 1000)
        return proof

    figures = {}
    for nominees in (1, 25, 500):
        made = [replace(example.nominees[0], badge_number=str(n), full_name=f"Nominee {n}") for n in range(nominees)]
        answers = replace(example, nominees=tuple(made))
        times, proofs, processor = [], [], []
        with patch("assistant.editions.form_plan.prove", timed):
            for _ in range(10):
                proving.clear()
                start, cpu_start = time.perf_counter(), time.process_time()
                make(answers, library, today=TODAY, draft=True)
                processor.append((time.process_time() - cpu_start) * 1000)
                times.append((time.perf_counter() - start) * 1000)
                proofs.append(sum(proving))
        figures[str(nominees)] = {
            "first_ms": round(times[0], 1),
            "warm_ms": round(statistics.median(times[1:]), 1),
            "of_which_proof_ms": round(statistics.median(proofs[1:]), 1),
            "processor_ms": round(statistics.median(processor[1:]), 1),
        }
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
        return
    for count, row in figures.items():
        sys.stdout.write(
            f"{count:>4} nominees: {row['warm_ms']:7.1f} ms warm ({row['of_which_proof_ms']:.1f} of it the proof), "
            f"{row['first_ms']:7.1f} ms the first time, {row['processor_ms']:7.1f} ms of processor time warm\n"
        )


if __name__ == "__main__":
    main()
