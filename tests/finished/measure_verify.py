"""Say how well a signed copy is compared with the issued file: changes found, the right word quoted, false alarms.

    python tests/finished/measure_verify.py [--seed N] [--count N] [--real-kinds DIR] [--values FILE]

Pages come from ``generate_scans`` by a seed, half of them with one thing changed; ``--real-kinds`` adds the made-up
signed copies of that folder, page by page against its labels. ``--values`` writes what was found of each page.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.services.agreements.verify_signed_copy import verify
from assistant.verifying.compare import Comparing
from assistant.verifying.document import blanks_by_page
from assistant.verifying.quoting import fold_word
from assistant.verifying.verdict import verdict_of
from tests.finished.generate_scans import CLEAN, ScanCase, generate_cases, issued_file

if TYPE_CHECKING:
    from assistant.verifying.comparison import PageComparison

FORMS = Path(__file__).resolve().parents[3] / "shared" / "official-forms"
CONFUSABLE = {"l", "I", "1", "i", "t", "f", "j"}
"""Letters that a coarse black and white scan does not tell apart (VERIFYING.md, "What cannot be told")."""


def is_lost(case: ScanCase) -> bool:
    """Say whether the scan physically lost the one letter that was changed."""
    coarse = case.scanner in {"bw 200", "bw 150", "fax", "jpeg 100"}
    pair = {a + b for a, b in zip(case.change.issued, case.change.now, strict=False) if a != b}
    if not coarse or case.change.kind != "letter":
        return False
    return any(set(p) <= CONFUSABLE or set(p) in ({"e", "c"}, {"h", "b"}) for p in pair)


def is_quoted(case: ScanCase, found: PageComparison) -> bool:
    """Say whether the changed word is among the words quoted."""
    wanted = fold_word(case.change.issued)
    return any(fold_word(difference.issued) == wanted for difference in found.differences if difference.issued)


def measure(folder: Path, seed: int, count: int) -> list[dict[str, Any]]:
    """Return what was found of each generated page."""
    rows: list[dict[str, Any]] = []
    comparing: dict[str, tuple[ViewedPdf, Comparing]] = {}
    for case in generate_cases(folder, seed, count):
        if case.edition not in comparing:
            data = issued_file(folder, case.edition)
            viewed = ViewedPdf(data)
            comparing[case.edition] = viewed, Comparing(viewed, blanks_by_page(data))
        before = time.process_time()
        with ViewedPdf(case.pdf) as signed:
            # The page stands alone in its file, where its number would be that of the first.
            found = next(iter(comparing[case.edition][1].compare_sheet(signed, 1, expected=case.page)))
        verdict = verdict_of(found) if found.page == case.page else "not this page"
        rows.append(
            {
                "edition": case.edition, "page": case.page, "printer": case.printer, "scanner": case.scanner,
                "mark": case.mark, "kind": case.change.kind, "issued": case.change.issued, "now": case.change.now,
                "verdict": verdict, "lost": is_lost(case), "quoted": is_quoted(case, found),
                "seconds": round(time.process_time() - before, 3), "unreadable": found.unreadable,
                "likeness": found.likeness, "notes": found.notes,
                "differences": [[d.kind, d.issued, d.read] for d in found.differences],
            }
        )  # fmt: skip
        print(json.dumps(rows[-1], ensure_ascii=False), file=sys.stderr, flush=True)  # noqa: T201 - progress
    for viewed, _ in comparing.values():
        viewed.__exit__()
    return rows


def summarize(rows: list[dict[str, Any]]) -> str:
    """Return the figures as lines of text."""
    lines = []
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_kind[row["kind"] + (", lost by the scan" if row["lost"] else "")][row["verdict"]] += 1
    for kind, verdicts in sorted(by_kind.items()):
        parts = ", ".join(f"{verdict} {count}" for verdict, count in verdicts.most_common())
        lines.append(f"{kind:<28}{verdicts.total():>5} pages: {parts}")
    clean = [row for row in rows if row["kind"] == CLEAN]
    named = [r for r in rows if r["kind"] in {"word", "figure", "letter"} and r["verdict"] == "altered"]
    if clean:
        altered = sum(row["verdict"] == "altered" for row in clean)
        other = sum(row["verdict"] != "same" for row in clean)
        lines.append(f"clean pages: {altered / len(clean):.1%} called altered, {other / len(clean):.1%} not same")
    if named:
        lines.append(f"the changed word is quoted: {sum(r['quoted'] for r in named)} of {len(named)}")
    seconds = sorted(row["seconds"] for row in rows)
    if seconds:
        mean, worst = sum(seconds) / len(seconds), seconds[int(0.95 * (len(seconds) - 1))]
        lines.append(f"processor time a page: {mean:.2f} s on average, {worst:.2f} s at the 95th percentile")
    lines.append(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, the generator's with it")
    return "\n".join(lines)


def measure_real_kinds(folder: Path) -> str:
    """Return how many pages of the made-up signed copies get the verdict of their label, and which do not."""
    pairs: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with (folder / "verify.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pairs[row["pair"], row["issued"]].append(row)
    right, lines = 0, []
    for (signed, issued), rows in pairs.items():
        result = verify((folder / "signed" / signed).read_bytes(), (folder / "issued" / issued).read_bytes())
        verdicts = {
            str(page["page"]) if page["page"] else f"signed {page['signed_page']}": page for page in result["pages"]
        }
        for row in rows:
            page = verdicts.get(row["page"])
            if page and page["verdict"] == row["verdict"]:
                right += 1
            else:
                got = f"{page['verdict']}: {' '.join(page['why'][:3])}" if page else "nothing"
                lines.append(f"  {signed}, page {row['page']}: {row['verdict']} is right, said {got}")
    total = sum(map(len, pairs.values()))
    return "\n".join([f"real-kinds: {right} of {total} pages right", *lines])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=Path, default=FORMS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=96)
    parser.add_argument("--real-kinds", type=Path)
    parser.add_argument("--values", type=Path)
    given = parser.parse_args()
    rows = measure(given.forms, given.seed, given.count) if given.count else []
    if given.values:
        given.values.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    print(summarize(rows))  # noqa: T201 - the command's result
    if given.real_kinds:
        print(measure_real_kinds(given.real_kinds))  # noqa: T201 - the command's result


if __name__ == "__main__":
    main()
