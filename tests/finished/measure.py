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
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.rules.agreement import check_document, file_of
from tests.finished import made
from tests.finished.in_processes import map_in_processes
from tests.finished.made import Spec
from tests.finished.mistakes import Mistake, mistakes
from tests.finished.real_kinds import format_table, measure_real_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.rules.agreement import CheckedDocument

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


def measure(
    folder: Path,
    *,
    ways: Sequence[str] = WAYS,
    editions: Sequence[str] = made.EDITIONS,
    one_scan_each: bool = False,
) -> Figures:
    """Return the figures; with ``one_scan_each`` each mistake is scanned on one edition only, on another the next."""
    with blank_forms(folder, editions) as forms:
        return _measured(_cases(folder, forms, ways, editions, one_scan_each=one_scan_each))


@contextmanager
def blank_forms(folder: Path, editions: Sequence[str] = made.EDITIONS) -> Iterator[str]:
    """Yield a folder that holds the blank forms of some editions, each named as ``check_document`` looks for it."""
    with TemporaryDirectory() as forms:
        for name in editions:
            (Path(forms) / file_of(name)).write_bytes(made.blank(folder, name))
        yield forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One agreement of the set, named so that any process can make it; ``number`` is its place in ``_labelled``."""

    folder: Path
    forms: str
    name: str
    way: str
    number: int


@lru_cache(maxsize=1)
def _labelled() -> list[Mistake]:
    """Return what is made of each form: two clean agreements, then every mistake."""
    unsigned = Spec(signed=False, dated=None)
    return [
        Mistake(name="clean", codes=frozenset(), spec=Spec(), ways=WAYS),
        Mistake(name="clean, unsigned", codes=frozenset(), spec=unsigned, ways=WAYS),
        *mistakes(),
    ]


def _cases(
    folder: Path, forms: str, ways: Sequence[str], editions: Sequence[str], *, one_scan_each: bool
) -> list[Case]:
    found = []
    for number, mistake in enumerate(_labelled()):
        names = [name for name in editions if name in mistake.editions]
        for place, name in enumerate(names):
            for way in ways:
                left_out = one_scan_each and mistake.codes and way == "scan" and place != number % len(names)
                if ("scan" if way == OCR else way) in mistake.ways and not left_out:
                    found.append(Case(folder=folder, forms=forms, name=name, way=way, number=number))
    return found


def _measured(cases: Sequence[Case]) -> Figures:
    figures = Figures()
    for case, document in zip(cases, map_in_processes(check_case, cases), strict=True):
        mistake = _labelled()[case.number]
        labels, allowed = mistake.codes, mistake.also | OWN.get(case.name, frozenset())
        what = f"{mistake.name}, {case.name}, {case.way}"
        codes = {finding["code"] for finding in document["findings"]}
        figures.files += 1
        if not labels:
            figures.blocked += not document["ready"]
        for code in labels:
            (figures.hit if code in codes else figures.missed)[code] += 1
            if code not in codes:
                figures.notes.append(f"missed {code}: {what}")
        for finding in document["findings"]:
            if finding["code"] not in labels | allowed:
                figures.wrong[finding["code"]] += 1
                figures.notes.append(f"wrong {finding['code']} ({finding['severity']}): {what}: {finding['where']}")
    return figures


def check_case(case: Case) -> CheckedDocument:
    """Make one agreement of the set and check it."""
    data = made.make(case.folder, case.name, _labelled()[case.number].spec, case.way)
    return check_document(data, TODAY, case.forms)


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
