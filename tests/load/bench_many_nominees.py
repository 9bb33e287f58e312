"""Time the pages and documents of an application with 5,000 nominees, in processor time of this process.

    python tests/load/bench_many_nominees.py [--json] [--nominees N] [--names-only] [--forms DIR] [--profile PART]

Two agreements (TFM, WSO) with real forms, people with made-up names, one in ten with something to put right; with
``--names-only`` nothing is known of anybody but name, badge and models, so there are five findings a person. Pages
are asked through the application itself, without a server. "first" is the first time in a process that has just
started, "second" the next one. ``--profile`` prints where the time of one part goes.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import pstats
import re
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant.answers import Nominee, dump, parse  # noqa: E402 - as above
from assistant.app import create_app  # noqa: E402 - as above
from assistant.bundle import bundle  # noqa: E402 - the checkout's own code comes first
from assistant.config import Config  # noqa: E402 - as above
from assistant.documents.checklist import checklist_pdf  # noqa: E402 - as above
from assistant.documents.roster import roster_pdf  # noqa: E402 - as above
from assistant.documents.roster_sheet import roster_xlsx  # noqa: E402 - as above
from assistant.editions.form_plan import fill_form  # noqa: E402 - as above
from assistant.editions.library import FormLibrary  # noqa: E402 - as above
from assistant.errors import InputError  # noqa: E402 - as above
from assistant.services.application import applications  # noqa: E402 - as above
from assistant.services.application.make_bundle import make  # noqa: E402 - as above
from assistant.services.application.plan import chosen_forms  # noqa: E402 - as above
from assistant.services.application.review import review  # noqa: E402 - as above
from assistant.services.form_maps import forms  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.answers import Answers

FORMS = ROOT.parent / "shared" / "official-forms"
NOMINEES = 5_000
TODAY = date(2026, 2, 1)
SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "po", "ri", "sa", "tu")


def made_up_answers(count: int, *, names_only: bool = False) -> Answers:
    """Return the answers of a made-up agency with so many nominees, each with a name and a badge of their own."""
    whole = parse((files("assistant.program") / "data" / "made-up-agency.json").read_bytes())
    pattern = whole.nominees[0]
    people = tuple(
        replace(
            pattern,
            full_name=_name(number),
            badge_number=f"{number:05}",
            models=(("TFM",), ("WSO",), ("TFM", "WSO"))[number % 3],
            background_investigation="pending" if number % 10 == 0 else "completed",
            background_completed_on=None if number % 10 == 0 else TODAY - timedelta(days=30 + number % 700),
            law_enforcement_since=TODAY - timedelta(days=1_000 + number % 5_000),
            law_enforcement_years=None,
            us_citizen=True,
            enforced_laws=True,
            facility_security_trained=True,
            enforced_inmate_rules=True,
        )
        for number in range(count)
    )
    if names_only:
        people = tuple(
            Nominee(full_name=one.full_name, badge_number=one.badge_number, models=one.models) for one in people
        )
    return replace(whole, models=("TFM", "WSO"), nominees=people)


def _name(number: int) -> str:
    digits = [int(digit) for digit in f"{number:04}"]
    return f"{SYLLABLES[digits[0]]}{SYLLABLES[digits[1]]} {SYLLABLES[digits[2]]}{SYLLABLES[digits[3]]}son".title()


class Timer:
    """Processor time by part, in milliseconds."""

    def __init__(self, profiled: str) -> None:
        """Name the part to look into; "" for none."""
        self.figures: dict[str, float] = {}
        self.hashes: dict[str, str] = {}
        self._profiled = profiled

    def time(self, part: str, do: Callable[[], Any]) -> Any:
        """Do it once, and keep how long it took."""
        profile = cProfile.Profile() if part == self._profiled else None
        start = time.process_time()
        done = profile.runcall(do) if profile else do()
        self.figures[part] = round(1000 * (time.process_time() - start), 1)
        if profile:
            told = io.StringIO()
            pstats.Stats(profile, stream=told).sort_stats("cumulative").print_stats(70)
            sys.stdout.write(told.getvalue())
        return done


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Time an application with many nominees.")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--nominees", type=int, default=NOMINEES, help="how many nominees")
    parser.add_argument("--names-only", action="store_true", help="nothing is known of a nominee but name and models")
    parser.add_argument("--forms", type=Path, default=FORMS, help="the folder of the blank forms")
    parser.add_argument("--profile", default="", help="the part whose time is looked into")
    options = parser.parse_args()
    timer = Timer(options.profile)
    answers = made_up_answers(options.nominees, names_only=options.names_only)
    time_pages(timer, answers, options.forms)
    time_parts(timer, answers, options.forms)
    if options.json:
        sys.stdout.write(json.dumps(timer.figures | timer.hashes, indent=2) + "\n")
        return
    for part, spent in timer.figures.items():
        sys.stdout.write(f"{part:<34} {spent:9,.1f} ms\n")
    for part, sha256 in timer.hashes.items():
        sys.stdout.write(f"{part:<34} {sha256}\n")


def time_pages(timer: Timer, answers: Answers, folder: Path) -> None:
    """Time each page of the wizard for these answers, in the order in which a person comes to it."""
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(Config(instance_dir=Path(instance)))
        parts = app.extensions["assistant"]
        with parts.writer() as session:
            row = applications.create(session, parts.agency_id, now=datetime.now(UTC), answers=answers)
            for file in sorted(folder.glob("moa-*.pdf")):
                try:
                    forms.keep(session, file.read_bytes(), now=datetime.now(UTC))
                except InputError:
                    continue
            home = f"/applications/{row.public_id}"
            session.commit()
        client = app.test_client()

        def ask(part: str, address: str, **sent: str) -> str:
            send = client.post if sent else client.get
            answer = timer.time(part, lambda: send(address, data=sent or None, base_url="http://127.0.0.1/"))
            if answer.status_code >= 400:
                message = f"{part}: {answer.status}"
                raise SystemExit(message)
            return str(answer.text)

        ask("page: documents, first", f"{home}/documents/")
        page = ask("page: documents, second", f"{home}/documents/")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        token = found[1] if found else ""
        ask("page: export, first", f"{home}/exports/", csrf_token=token)
        ask("page: export, second", f"{home}/exports/", csrf_token=token)
        ask("page: documents, after the export", f"{home}/documents/")
        ask("page: review", f"{home}/review/")
        ask("page: checklist", f"{home}/checklist/")
        ask("page: nominees", f"{home}/nominees/")
        ask("page: task list", f"{home}/")
        ask("page: preview of the roster", f"{home}/documents/03-nominee-roster.pdf/")
        parts.engine.dispose()


def time_parts(timer: Timer, answers: Answers, folder: Path) -> None:
    """Time what a bundle is put together from, each by itself and warm."""
    library = FormLibrary.from_directory(folder)
    timer.time("answers: dump", lambda: dump(answers))
    text = dump(answers)
    timer.time("answers: parse", lambda: parse(text))
    found = timer.time("rules", lambda: review(answers, library, today=TODAY))
    chosen = chosen_forms(answers, library)
    timer.time("forms filled and read back", lambda: [fill_form(form, answers, draft=True) for form in chosen.values()])
    timer.time("letters that can be printed", lambda: bundle.on_paper(answers, draft=True))
    timer.time("roster, PDF", lambda: roster_pdf(answers, today=TODAY, draft=True))
    timer.time("roster, XLSX", lambda: roster_xlsx(answers, today=TODAY))
    timer.time("checklist, PDF", lambda: checklist_pdf(answers, found, today=TODAY, draft=True))
    made = timer.time("the whole bundle", lambda: make(answers, library, today=TODAY, draft=True))
    timer.hashes["the whole bundle"] = made.sha256


if __name__ == "__main__":
    main()
