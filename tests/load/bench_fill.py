"""Fill the official forms with ours and with the peers, side by side: right values first, then times.

    python tests/load/bench_fill.py [--json] [--forms DIR]

Every engine gets the file as bytes and returns bytes, in one process, in interleaved rounds; times are medians in
milliseconds. "Right" is judged by pdfium: each page is flattened as for printing, and the letters inside a widget's
box have to be the value, letter by letter; a field without its Print flag (four on WSO, p. 7) shows on paper only where
the engine sets it. "Fill to a file, by copying it" is our fill into a file beside ``shutil.copyfile`` of the blank
form, 80 of each in turn. "Cold" is a process of its own, from its start to its end. With --json only ours, pypdf and
pikepdf run, and one JSON document is printed; without it also pypdf's other way, pdfium, and where installed PyMuPDF,
pdf-lib (through NODE_PATH) and pdftk-java.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant.pdf.filling.fill import fill, fill_to_file  # noqa: E402 - the checkout's own code comes first
from assistant.pdf.filling.proof import prove_bytes  # noqa: E402 - as above
from assistant.pdf.form.template import compile_anew, compile_template  # noqa: E402 - as above
from assistant.pdf.viewer.read_back import DrawnPages, added_letters, joined, same_text  # noqa: E402 - as above
from tests.load import peers  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Engine = Callable[[bytes, Mapping[str, str]], bytes]

SHARED = ROOT.parent / "shared"
COLD = ROOT / "tests" / "load" / "cold_fill.py"
OURS_ROUNDS, PEER_ROUNDS, FILE_ROUNDS, COLD_ROUNDS = 60, 7, 80, 5


def ours(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill with this project: compiled once, found again by its bytes."""
    return fill(compile_template(data), values)


def ours_unseen(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill a form never seen before: nothing compiled is used."""
    return fill(compile_anew(data), values)


def right_values(data: bytes, blank: bytes, values: Mapping[str, str]) -> tuple[int, int]:
    """Return how many widgets show their value, of how many."""
    template = compile_template(blank)
    right = total = 0
    with DrawnPages(data) as after, DrawnPages(blank) as before:
        added: dict[int, list[Any]] = {}
        for name, text in values.items():
            for widget in template.fields[name].widgets:
                page = widget.page
                if page not in added:
                    added[page] = added_letters(before.letters(page), after.letters(page))
                x0, y0, x1, y1 = widget.rect
                inside = [
                    letter
                    for letter in added[page]
                    if x0 - 1 <= (letter.rect[0] + letter.rect[2]) / 2 <= x1 + 1
                    and y0 - 1 <= (letter.rect[1] + letter.rect[3]) / 2 <= y1 + 1
                ]
                total += 1
                right += same_text(joined(inside), text)
    return right, total


def interleaved(engines: Mapping[str, Engine], data: bytes, values: Mapping[str, str]) -> dict[str, float]:
    """Return the median milliseconds of each engine, all of them taking turns."""
    times: dict[str, list[float]] = {name: [] for name in engines}
    per_round = max(1, OURS_ROUNDS // PEER_ROUNDS)
    for engine in engines.values():
        engine(data, values)
    for _ in range(PEER_ROUNDS):
        for name, engine in engines.items():
            for _ in range(per_round if name.startswith(("ours", "copy")) else 1):
                start = time.perf_counter()
                engine(data, values)
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


def proof_ms(filled: bytes, blank: bytes) -> float:
    """Return the median milliseconds of our own proof that nothing else was touched."""
    template = compile_template(blank)
    times = []
    for _ in range(OURS_ROUNDS):
        start = time.perf_counter()
        prove_bytes(template, filled)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def copy(data: bytes, _: Mapping[str, str]) -> bytes:
    """Copy the bytes: the floor."""
    return bytes(bytearray(data))


def to_file_ratio(form: Path, values: Mapping[str, str], folder: Path) -> float:
    """Return how much longer it takes to fill into a file than to copy the form (``shutil.copyfile``)."""
    template = compile_template(form.read_bytes())
    copies, fills = [], []
    for n in range(FILE_ROUNDS):
        start = time.perf_counter()
        shutil.copyfile(form, folder / f"copy-{n}.pdf")
        copies.append(time.perf_counter() - start)
        start = time.perf_counter()
        fill_to_file(template, values, folder / f"fill-{n}.pdf")
        fills.append(time.perf_counter() - start)
    return statistics.median(fills) / statistics.median(copies)


def cold(form: Path, values: Mapping[str, str], folder: Path) -> dict[str, float]:
    """Return the seconds that a process takes to start and fill once, ours and pypdf's, and what ours grows by (MB)."""
    values_file = folder / "values.json"
    values_file.write_text(json.dumps(values), "utf-8")
    times: dict[str, list[float]] = {"ours": [], "pypdf": []}
    grown = []
    for _ in range(COLD_ROUNDS):
        for engine, found in times.items():
            command = [sys.executable, str(COLD), engine, str(form), str(values_file)]
            start = time.perf_counter()
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found.append(time.perf_counter() - start)
            if engine == "ours":
                grown.append(float(done.stdout))
    ours_s, pypdf_s = (statistics.median(found) for found in times.values())
    return {"cold_s": round(ours_s, 3), "cold_pypdf_s": round(pypdf_s, 3), "grown_mb": max(grown)}


def measure(forms: Path, peers: Mapping[str, Engine], *, full: bool) -> dict[str, Any]:
    """Return the figures for each form."""
    sets = json.loads((SHARED / "data" / "fill-values.json").read_text("utf-8"))
    report: dict[str, Any] = {}
    for form in ("tfm", "wso"):
        data = (forms / sets[form]["form"]).read_bytes()
        latin, unicode_ = sets[form]["latin"], sets[form]["unicode"]
        engines = {"copy": copy, "ours": ours, "ours_unseen": ours_unseen, **peers}
        times = interleaved(engines, data, latin)
        filled = ours(data, latin)
        sample = Path(tempfile.gettempdir()) / f"moa-bench-{form}.pdf"
        sample.write_bytes(filled)
        right, total = right_values(filled, data, latin)
        row: dict[str, Any] = {f"{name}_ms": round(ms, 4) for name, ms in times.items()}
        row |= {"ours_right": f"{right}/{total}", "sample": str(sample), "bytes_added": len(filled) - len(data)}
        row["proof_ms"] = round(proof_ms(filled, data), 4)
        filled = ours(data, unicode_)
        right, total = right_values(filled, data, unicode_)
        times = interleaved({"ours": ours} | (dict(peers) if full else {}), data, unicode_)
        row |= {"ours_unicode_ms": round(times["ours"], 4), "ours_unicode_right": f"{right}/{total}"}
        row["unicode_bytes_added"] = len(filled) - len(data)
        with tempfile.TemporaryDirectory() as folder:
            row["to_file_ratio"] = round(to_file_ratio(forms / sets[form]["form"], latin, Path(folder)), 2)
            row |= cold(forms / sets[form]["form"], latin, Path(folder))
            row["unicode_to_file_ratio"] = round(to_file_ratio(forms / sets[form]["form"], unicode_, Path(folder)), 2)
        if full:
            row["peers"] = {name: _judge(engine, data, latin, unicode_, times[name]) for name, engine in peers.items()}
        report[form] = row
    return report


def _judge(
    engine: Engine, data: bytes, latin: Mapping[str, str], unicode_: Mapping[str, str], ms: float
) -> dict[str, Any]:
    one, two = engine(data, latin), engine(data, unicode_)
    (a, b), (c, d) = right_values(one, data, latin), right_values(two, data, unicode_)
    return {
        "right": f"{a + c}/{b + d}",
        "unicode_ms": round(ms, 2),
        "bytes": len(one),
        "official_kept": one.startswith(data),
    }


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Fill the official forms with ours and with the peers.")
    parser.add_argument("--json", action="store_true", help="ours, pypdf and pikepdf only, as one JSON document")
    parser.add_argument("--forms", type=Path, default=SHARED / "official-forms", help="the folder of the blank forms")
    options = parser.parse_args()
    report = measure(options.forms, peers.chosen(full=not options.json), full=not options.json)
    out = sys.stdout.write
    if options.json:
        out(json.dumps(report, indent=2) + "\n")
        return
    for form, row in report.items():
        others = row.pop("peers")
        ours_ms, unicode_ms = row["ours_ms"], row["ours_unicode_ms"]
        out(f"{form}: ours {ours_ms:.3f} ms ({row['ours_right']}), Unicode {unicode_ms:.3f} ms ")
        out(f"({row['ours_unicode_right']}), never seen {row['ours_unseen_ms']:.1f} ms, copy {row['copy_ms']:.3f} ms\n")
        out(f"  bytes added {row['bytes_added']} / {row['unicode_bytes_added']}; ")
        out(f"fill to a file, by copying it: {row['to_file_ratio']} / {row['unicode_to_file_ratio']}; ")
        out(f"own proof {row['proof_ms']:.2f} ms\n")
        out(f"  cold {row['cold_s']:.2f} s, pypdf {row['cold_pypdf_s']:.2f} s; ")
        out(f"memory of a fill beyond the compiled form {row['grown_mb']:.1f} MB\n")
        for name, found in others.items():
            ms, other = row[f"{name}_ms"], found["unicode_ms"]
            out(f"  {name:<20} {ms:8.2f} ms, {ms / ours_ms:4.0f} times ours; ")
            out(f"Unicode {other:8.2f} ms, {other / unicode_ms:4.0f} times; ")
            out(f"right {found['right']:>5}; official bytes kept: {found['official_kept']}\n")


if __name__ == "__main__":
    main()
