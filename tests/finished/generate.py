"""Make signed agreements of made-up agencies, each sent on in its own way, and say how well they are checked.

    python tests/finished/generate.py --seed 7 --count 300 [--mistakes] [--out DIR] [--check] [FOLDER OF BLANK FORMS]

Prints, ways of filling, scanners, compression, resolution, skew, text layers and handwriting come from the seed alone.
Without ``--mistakes`` every agreement is clean: any blocker is a false one. With it each has one mistake of
``mistakes`` or, one time in three, what nearly is one and must be left alone. ``--check`` checks each as it is made,
in as many processes as there are cores, and prints false blockers, recall, what was left alone, by rule and by way,
and what a clean agreement was warned of. ``--out`` keeps the files, with ``labels.csv`` (file, way, code, verdict).
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
from reportlab.pdfgen.canvas import Canvas

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.tokens import tokens_of
from assistant.rules.agreement import check_document
from tests.finished import made
from tests.finished.in_processes import map_in_processes
from tests.finished.made import MISREAD, Spec
from tests.finished.measure import FORMS, OWN, TODAY, blank_forms
from tests.finished.planted import NEARLY, PLANTED
from tests.finished.recognised import recognised
from tests.finished.scans import Scan, as_pdf, printed, scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pypdfium2

    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect

PLACES = (
    ("Alder", "TX"), ("Birchfield", "WI"), ("Cypress Bend", "FL"), ("Elkhorn Valley", "TN"), ("Harbor Point", "FL"),
    ("Juniper", "FL"), ("Larkspur", "OK"), ("Quail Hollow", "IN"), ("Tern Key", "FL"), ("Willow Springs", "NH"),
)  # fmt: skip
PEOPLE = ("Arthur Merrill", "Casey Brill", "Dana O’Neil", "Ida Farrell", "Lee Ostrander", "Marta Quill", "Wes Trumbull")
DATES = ("03/28/2025", "3/28/25", "March 28, 2025", "03-28-2025", "28 March 2025")
LAYERS = ("none", "noise", "tesseract")
LONGEST = {"moa-tfm/2025-02-12": 28, "moa-tfm/2025-02-14": 28, "moa-tfm/2025-02-14.flat": 28}
"""Letters of a name for which the narrow blanks of an edition have room."""
SCANNED = 0.6
"""Of the agreements so many are printed and scanned."""
DOTTED = 0.1
"""Of the scans so many show the print of a printer that sets dots."""
NEARLY_SHARE = 1 / 3
"""Of the agreements with ``--mistakes`` so many have what nearly is a mistake."""
KINDS = {"fields": "text", "flat": "text", "noise": "recognized", "tesseract": "recognized", "none": "picture"}
"""The kind of page that a way of sending on makes."""
NOISE = (0.002, 0.01, 0.03, 0.06)
"""How many letters of a made-up text layer are misread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One agreement to make: its form, how it differs from a clean one, and how it is sent on."""

    number: int
    edition: str
    spec: Spec
    way: str
    """"fields", "flat", or the kind of text layer of a scan."""
    scan: Scan | None = None
    misread: float = 0.0
    by_hand: bool = False
    name: str = ""
    """What the mistake is called; "" for a clean one."""
    code: str = ""
    """The code of its mistake, or of what it nearly is; "" for a clean one."""
    fails: bool = False
    also: frozenset[str] = frozenset()


@dataclass(slots=True)
class Counts:
    """What a check of generated agreements found."""

    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    left_alone: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    false_blockers: list[str] = field(default_factory=list)
    false_warnings: list[str] = field(default_factory=list)
    """What clean agreements were warned of."""
    warned: int = 0
    """Clean agreements with such a warning."""
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One agreement for a process to make, and to check where ``judge``; ``folder`` and ``forms`` hold blank forms."""

    folder: Path
    forms: str
    sample: Sample
    out: Path | None
    judge: bool


def samples(seed: int, count: int, *, with_mistakes: bool) -> Iterator[Sample]:
    """Yield what to make for a seed: the same for the same numbers, whatever is made of them."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - the same agreement every time
        edition = chance.choice(made.EDITIONS if with_mistakes else (*made.EDITIONS, *made.OTHER_PRINTS))
        way = chance.choice(LAYERS) if chance.random() < SCANNED else chance.choice(("fields", "flat"))
        by_hand = way in LAYERS and chance.random() < 0.5
        spec = Spec(changes=_agency(chance, edition), dated=None if by_hand else chance.choice(DATES), draw=None)
        sample = Sample(number=number, edition=edition, spec=spec, way=way, by_hand=by_hand)
        if way in LAYERS:
            sample = replace(sample, scan=_scanner(chance), misread=chance.choice(NOISE))
        yield _with_mistake(sample, chance) if with_mistakes else sample


def _agency(chance: random.Random, edition: str) -> Mapping[str, Any]:
    names = [
        (place, state, county, f"{place} County Sheriff’s Office" if county else f"{place} Police Department")
        for place, state in PLACES
        for county in (True, False)
    ]
    place, state, county, name = chance.choice([one for one in names if len(one[3]) <= LONGEST.get(edition, 99)])
    host = f"{place.lower().replace(' ', '')}.example.gov"
    first, second, third = chance.sample(PEOPLE, 3)
    address = {"street": f"{chance.randint(1, 999)} Main Street", "city": place, "state": state, "zip": _zip(state)}
    return {
        "agency.legal_name": name,
        "agency.short_name": "".join(word[0] for word in name.split()),
        "agency.kind": "county" if county else "municipality",
        "agency.represents": f"{place} County" if county else f"City of {place}",
        "agency.state": state,
        "agency.county": place,
        **{f"agency.address.{key}": text for key, text in address.items()},
        "signatory.full_name": first,
        "signatory.title": "Sheriff" if county else chance.choice(("Chief of Police", "Acting Chief of Police")),
        "program_contact.full_name": second,
        "program_contact.title": chance.choice(("Captain", "Lt. Colonel", "Lieutenant, Unit II", "Major")),
        "program_contact.phone": f"({chance.randint(201, 989)}) 555-01{chance.randint(10, 99)}",
        "program_contact.email": f"{second.split()[0].lower()}@{host}",
        "public_information_contact.full_name": third,
        "public_information_contact.phone": f"({chance.randint(201, 989)}) 555-01{chance.randint(10, 99)}",
        "public_information_contact.email": f"{third.split()[0].lower()}@{host}",
    }


def _zip(state: str) -> str:
    return {"TX": "75099", "WI": "53099", "FL": "33099", "TN": "37399", "OK": "74499", "IN": "46099"}.get(
        state, "03199"
    )


def _scanner(chance: random.Random) -> Scan:
    return Scan(
        angle=chance.uniform(-1.0, 1.0),
        shift=(chance.uniform(-0.15, 0.15), chance.uniform(-0.15, 0.15)),
        scale=chance.choice((1.0, 1.0, chance.uniform(0.94, 1.02))),
        dpi=chance.choice((100, 150, 200)),
        black_and_white=chance.random() < 0.5,
        quality=chance.choice((40, 60, 80)),
        noise=chance.uniform(5, 30),
        blur=chance.uniform(0.3, 0.8),
        level=chance.randint(120, 180),
        ink=chance.choice((1.0, 1.0, 1.0, 0.7)),
        dotted=chance.random() < DOTTED,
        seed=chance.randint(0, 10_000),
    )


def _with_mistake(sample: Sample, chance: random.Random) -> Sample:
    """Return a sample with one mistake, or with what nearly is one."""
    if chance.random() < NEARLY_SHARE:
        near = chance.choice([near for near in NEARLY if sample.edition in near.editions])
        spec = near.plant(sample.spec.changes, chance)
        by_hand = sample.by_hand and spec.dated == made.SIGNED_ON and spec.draw is None
        return replace(
            sample, spec=_joined(sample, spec, by_hand=by_hand), name=near.name, code=near.code, by_hand=by_hand
        )
    fitting = [one for one in PLANTED if sample.edition in one.editions and KINDS[sample.way] in one.kinds]
    # Each code is as likely as any other, however many ways to plant it there are.
    code = chance.choice(sorted({one.code for one in fitting}))
    one = chance.choice([one for one in fitting if one.code == code])
    spec = one.plant(sample.spec.changes, chance)
    by_hand = sample.by_hand and spec.dated == made.SIGNED_ON and spec.draw is None
    # What stands in an office's light gray cannot be told from it in black and white.
    scan_way = replace(sample.scan, black_and_white=False) if sample.scan and code == "faint-text" else sample.scan
    return replace(
        sample,
        spec=_joined(sample, spec, by_hand=by_hand),
        by_hand=by_hand,
        scan=scan_way,
        name=one.name,
        code=code,
        fails=True,
        also=one.also,
    )


def _joined(sample: Sample, spec: Spec, *, by_hand: bool) -> Spec:
    """Return a mistake's specification with the agency's own answers, and its date where the mistake is no date."""
    dated = spec.dated if spec.dated != made.SIGNED_ON or spec.draw else sample.spec.dated or spec.dated
    return replace(spec, changes={**sample.spec.changes, **spec.changes}, dated=None if by_hand else dated)


def build(folder: Path, sample: Sample) -> bytes:
    """Return the agreement that a sample describes."""
    spec = replace(sample.spec, draw=_dated_by_hand(sample.number)) if sample.by_hand else sample.spec
    if sample.scan is None:
        return made.make(folder, sample.edition, spec, sample.way)
    # Pages are added and taken out before the scan; what is done to a file and not to its paper is done to the scan.
    on_paper = spec.last if sample.code in {"pages-missing", "pages-extra"} else None
    data = made.make(folder, sample.edition, replace(spec, last=on_paper, encrypted=False), "flat")
    way = sample.scan
    if sample.way == "tesseract":
        data = recognised(data, lambda page, n, dpi: _picture(page, replace(way, dpi=dpi, seed=way.seed + n)))
    else:
        data = _scanned(data, sample)
    return made.finish(data, sample.edition, replace(spec, last=None if on_paper else spec.last))


def _dated_by_hand(seed: int) -> Callable[[Canvas, Edition, dict[str, Rect]], None]:
    def draw(drawing: Canvas, _: Edition, places: dict[str, Rect]) -> None:
        x0, y0, _x1, y1 = places["lea_date"]
        made.strokes(drawing, (x0, y0, x0 + 90, y1), seed=seed + 11)

    return draw


def _picture(page: pypdfium2.PdfPage, way: Scan) -> bytes:
    grey = page.render(scale=300 / 72, grayscale=True, may_draw_forms=True).to_pil().convert("L")
    file = io.BytesIO()
    scan(grey, replace(way, black_and_white=False)).save(file, "JPEG", quality=way.quality)
    return file.getvalue()


def _scanned(data: bytes, sample: Sample) -> bytes:
    """Return a file printed and scanned, with a text layer that lies as its pictures do, or without."""
    way = sample.scan
    assert way is not None
    layer = io.BytesIO()
    drawing = Canvas(layer)
    pictures = []
    with ViewedPdf(data) as viewed:
        for n, (page, sheet) in enumerate(zip(viewed.pages, printed(data), strict=True)):
            pictures.append(scan(sheet, replace(way, seed=way.seed + n)))
            drawing.setPageSize((page.width, page.height))
            if sample.way == "noise":
                chance = random.Random(f"{sample.number}/{n}")  # noqa: S311 - the same slips every time
                for token in tokens_of(page):
                    _write(drawing, token.text, (token.x0, token.x1, token.base, token.size), sample, chance)
            drawing.showPage()
    drawing.save()
    # Black and white pages are packed as CCITT Group 4, as scanners do, gray ones as JPEG.
    pages = as_pdf(pictures, [way] * len(pictures))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pages)) as scanned_file, pikepdf.open(layer) as texts:
        for picture, text in zip(scanned_file.pages, texts.pages, strict=True):
            picture.add_overlay(text, None)
        scanned_file.save(out)
    return out.getvalue()


def _write(
    drawing: Canvas, text: str, place: tuple[float, float, float, float], sample: Sample, chance: random.Random
) -> None:
    """Write a word into the invisible layer where the scan has it, with letters misread."""
    way, (x0, x1, base, size) = sample.scan, place
    assert way is not None
    turn, width, height = math.radians(way.angle), 612.0, 792.0
    for word, (start, end) in made.shares_of_words(text):
        left = x0 + start * (x1 - x0)
        across, down = left - width / 2, (height - base) - height / 2
        x = width / 2 + way.shift[0] * 72 + way.scale * (math.cos(turn) * across + math.sin(turn) * down)
        y = height / 2 + way.shift[1] * 72 + way.scale * (-math.sin(turn) * across + math.cos(turn) * down)
        read = "".join(MISREAD.get(c, c) if chance.random() < sample.misread else c for c in word)
        line = drawing.beginText(x, height - y)
        line.setTextRenderMode(3)
        points = max(size * way.scale, 3.0)
        line.setFont("Helvetica", points)
        wide = drawing.stringWidth(read, "Helvetica", points) or 1
        line.setHorizScale(100 * (end - start) * (x1 - x0) * way.scale / wide)
        line.textOut(read.encode("latin-1", "replace").decode("latin-1"))
        drawing.drawText(line)


def check(folder: Path, chosen: Sequence[Sample], out: Path | None, *, judge: bool) -> Counts:
    """Make the samples, keep them in ``out`` if given, and check them if asked to."""
    counts = Counts()
    rows = []
    with blank_forms(folder) as forms:
        jobs = [Job(folder=folder, forms=forms, sample=sample, out=out, judge=judge) for sample in chosen]
        for job, findings in zip(jobs, map_in_processes(do_job, jobs), strict=True):
            sample = job.sample
            rows.append([_file_name(sample), sample.way, sample.code, "fail" if sample.fails else "pass"])
            if judge:
                _count(counts, sample, findings)
    if out:
        with (out / "labels.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["file", "way", "code", "verdict"], *rows])
    return counts


def _file_name(sample: Sample) -> str:
    return f"{sample.number:04d}-{sample.way}.pdf"


def do_job(job: Job) -> Sequence[Mapping[str, Any]]:
    """Make one agreement and return its findings; none where it is not judged."""
    data = build(job.folder, job.sample)
    if job.out:
        (job.out / _file_name(job.sample)).write_bytes(data)
    return check_document(data, TODAY, job.forms)["findings"] if job.judge else []


def _count(counts: Counts, sample: Sample, findings: Sequence[Mapping[str, Any]]) -> None:
    counts.files += 1
    codes = {finding["code"] for finding in findings}
    for name in (sample.code, f"way: {sample.way}") if sample.code else ():
        met = sample.code in codes
        counter = (
            (counts.found if met else counts.missed) if sample.fails else (counts.wrong if met else counts.left_alone)
        )
        counter[name] += 1
    expected = ({sample.code} if sample.fails else set()) | sample.also | OWN.get(sample.edition, frozenset())
    unexpected = [finding for finding in findings if finding["code"] not in expected]
    counts.false_blockers += [_line(sample, finding) for finding in unexpected if finding["severity"] == "blocker"]
    if not sample.code:
        warnings = [_line(sample, finding) for finding in unexpected if finding["severity"] == "warning"]
        counts.false_warnings += warnings
        counts.warned += bool(warnings)


def _line(sample: Sample, finding: Mapping[str, Any]) -> str:
    where = f"{sample.number} {sample.edition} {sample.way}"
    return f"{finding['code']}: {where}: {finding['where']}: {finding['message']}"


def table(counts: Counts) -> str:
    """Return the figures as text."""
    rows = [f"{'rule, way':<26}{'fail':>6}{'recall':>8}{'pass':>6}{'left alone':>12}"]
    for name in sorted({*counts.found, *counts.missed, *counts.left_alone, *counts.wrong}):
        found, missed, alone, wrong = (
            counter[name] for counter in (counts.found, counts.missed, counts.left_alone, counts.wrong)
        )
        recall = f"{found / (found + missed):.2f}" if found + missed else "–"
        share = f"{alone / (alone + wrong):.2f}" if alone + wrong else "–"
        rows.append(f"{name:<26}{found + missed:>6}{recall:>8}{alone + wrong:>6}{share:>12}")
    rows += [
        f"{counts.files} agreements; false blockers: {len(counts.false_blockers)}; clean, but warned: {counts.warned}"
    ]
    lines = [*counts.false_blockers, *sorted(counts.false_warnings)]
    return "\n".join([*rows, *(f"  {line}" for line in lines)])


def main(arguments: Sequence[str]) -> None:
    """Make what the command line asks for."""
    options = argparse.ArgumentParser(usage=(__doc__ or "").split("\n\n")[1])
    options.add_argument("forms", nargs="?", type=Path, default=FORMS)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=300)
    options.add_argument("--out", type=Path)
    options.add_argument("--mistakes", action="store_true")
    options.add_argument("--check", action="store_true")
    options.add_argument("--no-tesseract", action="store_true")
    chosen = options.parse_args(arguments)
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
    wanted = list(samples(chosen.seed, chosen.count, with_mistakes=chosen.mistakes))
    if chosen.no_tesseract or shutil.which("tesseract") is None:
        wanted = [sample for sample in wanted if sample.way != "tesseract"]
    print(table(check(chosen.forms, wanted, chosen.out, judge=chosen.check)))  # noqa: T201 - the command's result


if __name__ == "__main__":
    main(sys.argv[1:])
