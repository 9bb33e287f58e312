"""Say how well finished agreements are checked: precision and recall of every rule on a labelled set made here.

    python tests/finished/measure.py [FOLDER OF BLANK FORMS] [--no-scan] [--no-flat] [--no-fields] [--ocr] [--notes]
    python tests/finished/measure.py [FOLDER OF BLANK FORMS] --real-kinds FOLDER [--notes]

Each agreement of the set has one mistake, made on purpose, and is sent on as filled ("fields"), flattened ("flat") or
printed and scanned with recognised text of which three letters in a hundred are wrong ("scan"). A finding that was not
asked for counts against its rule. The clean agreements must bring no finding at all. ``--ocr`` has them printed,
scanned and read by Tesseract instead, where that program is on the machine; it takes a quarter of an hour.

``--real-kinds`` has the labelled agreements of a folder checked instead (``real_kinds``): recall and passes left alone,
by rule and by kind of page, and every false blocker.

The rules were written while looking at this set, so these figures are the best case, no promise for others.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.rules.agreement import check_document, file_of
from tests.finished import made
from tests.finished.made import Spec
from tests.finished.mistakes import mistakes
from tests.finished.real_kinds import format_table, measure_real_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMS = Path(__file__).resolve().parents[3] / "shared" / "official-forms"
WAYS = ("fields", "flat", "scan")
OCR = "ocr"
TODAY = "2026-02-01"
OWN = {
    "moa-tfm/2025-02-12": frozenset({"form-outdated", "text-tiny"}),
    "moa-tfm/2025-02-14": frozenset({"form-outdated", "placeholder-left", "faint-text", "text-tiny"}),
    "moa-tfm/2025-02-14.flat": frozenset({"form-outdated", "placeholder-left", "text-tiny"}),
    "moa-wso/2025-02-14": frozenset({"form-outdated"}),
    "moa-wso/2025-02-14.flat": frozenset({"form-outdated"}),
}
"""What a clean agreement of an edition may bring: the form is old, its narrow blanks print under 7 pt, it prints a row
of X itself, and one of its blanks is filled in light gray."""


@dataclass(slots=True)
class Figures:
    """Counted findings, by code."""

    hit: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    blocked: int = 0
    """Clean agreements with a blocker."""


def measure(folder: Path, *, ways: Sequence[str] = WAYS, editions: Sequence[str] = made.EDITIONS) -> Figures:
    with blank_forms(folder, editions) as forms:
        return _measured(folder, forms, ways, editions)


@contextmanager
def blank_forms(folder: Path, editions: Sequence[str] = made.EDITIONS) -> Iterator[str]:
    """Yield a folder that holds the blank forms of some editions, each named as ``check_document`` looks for it."""
    with TemporaryDirectory() as forms:
        for name in editions:
            (Path(forms) / file_of(name)).write_bytes(made.blank(folder, name))
        yield forms


def _measured(folder: Path, forms: str, ways: Sequence[str], editions: Sequence[str]) -> Figures:
    figures = Figures()
    for name, way, labels, allowed, data, what in _set(folder, ways, editions):
        found = check_document(data, TODAY, forms)
        codes = {finding["code"] for finding in found["findings"]}
        figures.files += 1
        if not labels:
            figures.blocked += not found["ready"]
        for code in labels:
            (figures.hit if code in codes else figures.missed)[code] += 1
            if code not in codes:
                figures.notes.append(f"missed {code}: {what}, {name}, {way}")
        for finding in found["findings"]:
            if finding["code"] not in labels | allowed:
                figures.wrong[finding["code"]] += 1
                figures.notes.append(
                    f"wrong {finding['code']} ({finding['severity']}): {what}, {name}, {way}: {finding['where']}"
                )
    return figures


def _set(
    folder: Path, ways: Sequence[str], editions: Sequence[str]
) -> Iterator[tuple[str, str, frozenset[str], frozenset[str], bytes, str]]:
    for name in editions:
        own = OWN.get(name, frozenset())
        for way in ways:
            yield name, way, frozenset(), own, made.make(folder, name, Spec(), way), "clean"
            yield (
                name,
                way,
                frozenset(),
                own,
                made.make(folder, name, Spec(signed=False, dated=None), way),
                "clean, unsigned",
            )
        for mistake in mistakes():
            if name in mistake.editions:
                for way in ways:
                    if ("scan" if way == OCR else way) in mistake.ways:
                        data = made.make(folder, name, mistake.spec, way)
                        yield name, way, mistake.codes, mistake.also | own, data, mistake.name


def table(figures: Figures) -> str:
    """Return the figures as a table: each rule's files with the mistake, precision and recall."""
    rows = [f"{'rule':<24}{'files':>6}{'precision':>11}{'recall':>8}"]
    for code in sorted({*figures.hit, *figures.missed, *figures.wrong}):
        hit, missed, wrong = figures.hit[code], figures.missed[code], figures.wrong[code]
        precision = f"{hit / (hit + wrong):.2f}" if hit + wrong else "–"
        recall = f"{hit / (hit + missed):.2f}" if hit + missed else "–"
        rows.append(f"{code:<24}{hit + missed:>6}{precision:>11}{recall:>8}")
    hit, missed, wrong = (sum(c.values()) for c in (figures.hit, figures.missed, figures.wrong))
    rows.append(f"{'all':<24}{hit + missed:>6}{hit / max(hit + wrong, 1):>11.2f}{hit / max(hit + missed, 1):>8.2f}")
    rows.append(f"{figures.files} agreements; clean ones with a blocker: {figures.blocked}")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> None:
    """Print the figures asked for on the command line."""
    options = argparse.ArgumentParser(usage=(__doc__ or "").split("\n\n")[1])
    options.add_argument("forms", nargs="?", type=Path, default=FORMS)
    options.add_argument("--real-kinds", type=Path)
    for name in (OCR, "notes", *(f"no-{way}" for way in WAYS)):
        options.add_argument(f"--{name}", action="store_true")
    chosen = options.parse_args(arguments)
    if chosen.real_kinds:
        with blank_forms(chosen.forms) as forms:
            real = measure_real_kinds(chosen.real_kinds, forms)
        print(format_table(real))  # noqa: T201 - the command's result
        if chosen.notes:
            print("\n".join(sorted(real.notes)))  # noqa: T201 - as above
        return
    measured = measure(
        chosen.forms,
        ways=[OCR] if chosen.ocr else [way for way in WAYS if not getattr(chosen, f"no_{way}")],
    )
    print(table(measured))  # noqa: T201 - the command's result
    if chosen.notes:
        groups: dict[str, list[str]] = defaultdict(list)
        for note in measured.notes:
            groups[note.partition(":")[0]].append(note)
        print("\n".join(note for group in sorted(groups) for note in groups[group]))  # noqa: T201 - as above


if __name__ == "__main__":
    main(sys.argv[1:])
