"""Say how well a scanned page is held against the issued one: clean pages called altered, altered ones found.

    python tests/finished/measure_verify.py [FOLDER OF BLANK FORMS] [--scans N] [--changes N] [--values FILE]

Every page of the four editions, filled, is printed and scanned N times (angle, shift, scale, resolution, threshold to
black and white, JPEG quality by chance), and N times with one thing changed of each kind. ``--values`` writes what was
measured of each page, from which the thresholds in ``assistant/verifying`` were taken.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.verifying.compare import Comparing
from assistant.verifying.document import blanks_by_page
from assistant.verifying.verdict import verdict_of
from tests.finished import made
from tests.finished.altered import KINDS, printed_page
from tests.finished.made import Spec
from tests.finished.scans import any_scan, as_pdf, printed, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

    from assistant.verifying.compare import PageComparison

FORMS = Path(__file__).resolve().parents[3] / "shared" / "official-forms"
FIRST = 1000
"""The first number of a way of scanning; another gives another set."""
CLEAN, OTHER_EDITION, OTHER_PAGE = "clean", "page of another edition", "another page"


@dataclass(slots=True)
class Figures:
    """Verdicts counted, by kind of change."""

    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, page: int, found: PageComparison, **told: Any) -> None:
        verdict = verdict_of(found) if found.page == page else "no page" if found.page is None else "another page"
        self.verdicts[kind, verdict] += 1
        self.values.append({"kind": kind, "of": page, "verdict": verdict, **told, **found.to_document()})


def measure(folder: Path, *, scans: int, changes: int) -> Figures:
    figures = Figures()
    pages = {name: printed(made.make(folder, name, Spec(), "flat")) for name in made.EDITIONS}
    for name in made.EDITIONS:
        issued, flat = (
            made.make(folder, name, Spec(signed=False, dated=None), "fields"),
            made.make(folder, name, Spec(), "flat"),
        )
        pdf = pypdfium2.PdfDocument(flat)
        with ViewedPdf(issued) as seen:
            comparing = Comparing(seen, blanks_by_page(issued))
            for n, picture in enumerate(pages[name]):
                for kind, shown in _ways(picture, pdf[n], f"{name} {n}", scans, changes):
                    _measured(figures, comparing, kind, shown, name=name, n=n)
                other = pages[_beside(name)]
                if changes and n < len(other):
                    _measured(figures, comparing, OTHER_EDITION, other[n], name=name, n=n)
                if changes:
                    _measured(figures, comparing, OTHER_PAGE, pages[name][n - 1], name=name, n=n)
        pdf.close()
        print(name, table(figures), sep="\n", file=sys.stderr, flush=True)  # noqa: T201 - progress
    return figures


def _beside(name: str) -> str:
    """Return the edition most like another one."""
    near = {"moa-tfm/2025-02-12": "moa-tfm/2025-03-07", "moa-tfm/2025-03-07": "moa-tfm/2025-02-12"}
    return near.get(name, "moa-jem/2025-02-15" if "wso" in name else "moa-wso/2025-02-14")


def _ways(
    picture: Image.Image, page: pypdfium2.PdfPage, what: str, scans: int, changes: int
) -> Iterator[tuple[str, Image.Image]]:
    for _ in range(scans):
        yield CLEAN, picture
    whole = printed_page(picture, page)
    for kind, change in KINDS.items():
        for n in range(changes):
            shown = change(whole, random.Random(f"{what} {kind} {n}"))  # noqa: S311 - the same change every time
            if shown is not None:
                yield kind, shown


def _measured(figures: Figures, comparing: Comparing, kind: str, shown: Image.Image, *, name: str, n: int) -> None:
    way = any_scan(len(figures.values) + FIRST)
    with ViewedPdf(as_pdf([scan(shown, way)], [way])) as signed:
        # The page stands alone in its file, where its number would be that of the first.
        found = comparing.compare_one(signed, 1, expected=n + 1)
    figures.add(kind, n + 1, found, edition=name, way=str(way))


def table(figures: Figures) -> str:
    """Return how many pages of each kind got which verdict."""
    rows = []
    for kind in (CLEAN, *KINDS, OTHER_EDITION, OTHER_PAGE):
        told = {verdict: count for (k, verdict), count in figures.verdicts.items() if k == kind}
        total = sum(told.values())
        shares = ", ".join(f"{verdict} {count}" for verdict, count in sorted(told.items()))
        rows.append(f"{kind:<24}{total:>5} pages: {shares}")
    return "\n".join(rows)


def _number(name: str, default: int) -> int:
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


if __name__ == "__main__":
    folders = [argument for argument in sys.argv[1:2] if not argument.startswith("--")]
    measured = measure(
        Path(folders[0]) if folders else FORMS, scans=_number("--scans", 7), changes=_number("--changes", 1)
    )
    if "--values" in sys.argv:
        Path(sys.argv[sys.argv.index("--values") + 1]).write_text(json.dumps(measured.values), "utf-8")
    print(table(measured))  # noqa: T201 - the command's result
