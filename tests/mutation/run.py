"""Say which small changes of the rules no test notices.

    python -m tests.mutation.run [--only WORD] [--show] [MODULE OR FOLDER …] [--tests FILE …]

By default the modules are ``assistant/rules`` and the tests those of ``NEAR``. Tests are collected once; each mutant
lives in a forked child, in which it takes the place of the real function, text or number, and the tests that reach it
run until one fails. A child that takes over a minute counts as noticed. Needs ``fork``, so it does not run on Windows.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import time
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.mutation.mutants import mutants_of
from tests.mutation.places import put_in_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType

    from tests.mutation.mutants import Mutant

ROOT = Path(__file__).resolve().parents[2]
RULES = "assistant/rules"
NEAR = (
    *("tests/unit/test_rules_*.py", "tests/unit/test_finished_*.py"),
    *("tests/unit/test_documents_check*.py", "tests/unit/test_finished.py"),
)
LONGEST = 60
BROKEN = 3


@dataclass(slots=True)
class Score:
    """What became of the mutants, by module; ``alive`` are those that no test noticed."""

    noticed: Counter[str] = field(default_factory=Counter)
    every: Counter[str] = field(default_factory=Counter)
    alive: list[Mutant] = field(default_factory=list)

    def table(self) -> str:
        rows = [f"{self.noticed[name]:5} of {count:5}  {name}" for name, count in sorted(self.every.items())]
        noticed, every = self.noticed.total(), max(self.every.total(), 1)
        return "\n".join([*rows, f"{noticed:5} of {every:5}  in all: {100 * noticed / every:.1f} %"])


class Loop:
    """A pytest plugin that runs the collected tests once for each mutant, instead of once."""

    def __init__(self, mutants: list[Mutant], *, show: bool) -> None:
        self.mutants, self.show, self.score = mutants, show, Score()

    def pytest_configure(self) -> None:
        """Let the same examples be tried for every mutant, however busy the machine is."""
        from hypothesis import HealthCheck, settings  # noqa: PLC0415 - pytest rewrites its plugin's assertions first

        settings.register_profile(
            "mutation",
            derandomize=True,
            database=None,
            deadline=None,
            max_examples=30,
            suppress_health_check=HealthCheck,
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        # Run here, not in a child: what is read once, such as lists and field maps, is then there for every mutant.
        reached = _reached(session.items, {str(m.file) for m in self.mutants})
        if reached.failed:
            sys.stderr.write(f"Left out, since they fail without any mutant: {', '.join(reached.failed)}\n")
        whole = [item for item in session.items if item.nodeid not in reached.failed]
        # What is there already is neither looked at nor copied again in each child.
        gc.collect()
        gc.freeze()
        gc.disable()
        started = time.monotonic()
        for n, mutant in enumerate(self.mutants, start=1):
            name = str(mutant.file.relative_to(ROOT))
            items = _in_order(whole, reached, mutant)
            self.score.every[name] += 1
            if _in_child(partial(_notices, mutant, items)):
                self.score.noticed[name] += 1
            else:
                self.score.alive.append(mutant)
                if self.show:
                    sys.stderr.write(f"{name}:{mutant.line} {mutant.inside}: {mutant.what}\n")
            if not n % 100:
                sys.stderr.write(f"{n} of {len(self.mutants)}, {time.monotonic() - started:.0f} s\n")
        return True


def _notices(mutant: Mutant, items: list[pytest.Item]) -> bool:
    """Say whether a test fails, or cannot even run, with the mutant in place."""
    return not put_in_place(mutant) or any(fails for _, fails in _ran(items))


def _ran(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, bool]]:
    """Run tests one by one, and yield each with whether it failed."""
    from _pytest.runner import runtestprotocol  # noqa: PLC0415 - pytest has no public way to run one test

    for item, after in zip_longest(items, items[1:]):
        reports = runtestprotocol(item, log=False, nextitem=after)
        yield item, any(report.failed for report in reports)


@dataclass(slots=True)
class Reached:
    """Which tests call which functions, by file and name; how long each test took, in seconds; which tests fail."""

    functions: dict[str, dict[str, set[str]]]
    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def _in_order(items: list[pytest.Item], reached: Reached, mutant: Mutant) -> list[pytest.Item]:
    """Return the tests that reach the mutated function, for a module's level all tests; the short ones first."""
    of_file = reached.functions.get(str(mutant.file), {})
    wanted = {name for names in of_file.values() for name in names}
    if mutant.inside.endswith("()"):
        wanted = of_file.get(mutant.inside.removesuffix("()").rpartition(".")[2], set())
        items = [item for item in items if item.nodeid in wanted]
    return sorted(items, key=lambda item: (item.nodeid not in wanted, reached.seconds[item.nodeid]))


def _reached(items: list[pytest.Item], files: set[str]) -> Reached:
    """Run all tests as things are, and return which of them call which functions of the files."""
    reached = Reached(defaultdict(lambda: defaultdict(set)))
    now: set[CodeType] = set()

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename in files:
            now.add(frame.f_code)

    sys.setprofile(called)
    before = time.monotonic()
    for item, fails in _ran(items):
        reached.seconds[item.nodeid] = time.monotonic() - before
        if fails:
            reached.failed.append(item.nodeid)
        for code in now:
            for name in code.co_qualname.split("."):
                reached.functions[code.co_filename][name].add(item.nodeid)
        now.clear()
        before = time.monotonic()
    sys.setprofile(None)
    return reached


def _in_child(work: Callable[[], bool]) -> bool:
    """Return what work says in a child process; one that is stopped, or hangs, says yes.

    Raises:
        RuntimeError: the work itself went wrong, so that it says nothing of the mutant.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == BROKEN:
            raise RuntimeError("The mutant could not be put in place; see what the child printed.")
        return status != 0
    signal.alarm(LONGEST)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        os._exit(int(work()))
    except BaseException:  # noqa: BLE001 - a child must never go on as a second parent
        traceback.print_exc()
        os._exit(BROKEN)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", default=[RULES], help="modules or folders to change")
    parser.add_argument("--tests", nargs="*", default=list(NEAR), help="test files, patterns allowed")
    parser.add_argument("--only", default="", help="only mutants whose function or line of code holds this word")
    parser.add_argument("--show", action="store_true", help="print each mutant that no test notices, at once")
    chosen = parser.parse_args()
    files = [file for place in chosen.places for file in _modules(ROOT / place)]
    mutants = [m for file in files for m in mutants_of(file) if chosen.only in f"{m.inside} {m.what}"]
    tests = [str(file) for pattern in chosen.tests for file in sorted(ROOT.glob(pattern))]
    loop = Loop(mutants, show=chosen.show)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--rootdir", str(ROOT), "-m", "not long"]
    pytest.main([*options, *tests], plugins=[loop])
    for mutant in loop.score.alive:
        sys.stdout.write(f"{mutant.file.relative_to(ROOT)}:{mutant.line} {mutant.inside}: {mutant.what}\n")
    sys.stdout.write(loop.score.table() + "\n")
    return 0


def _modules(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


if __name__ == "__main__":
    sys.exit(main())
