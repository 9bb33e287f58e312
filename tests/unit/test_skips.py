"""In CI a skip is a failure, unless it had to be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
UNEXCUSED = {
    "called": "def test_one():\n    pytest.skip('no Chromium is installed')",
    "marked": "@pytest.mark.skip(reason='later')\ndef test_one(): pass",
    "module": "pytest.importorskip('no_such_module')\ndef test_one(): pass",
    "program": "import subprocess\ndef test_one(): subprocess.run(['qpdf'], check=True)",
    "font": "from assistant import config\ndef test_one(): assert config.font_path('Bold') is None",
}
BROKEN = {
    "stranger": "import subprocess\ndef test_one(): subprocess.run(['no-such-program'], check=True)",
    "absent": "from pathlib import Path\ndef test_one(): Path('qpdf').read_bytes()",
}
EXCUSED = {
    "windows": "@pytest.mark.skipif(True, reason='only on Windows')\ndef test_one(): pass",
    "expected": "@pytest.mark.xfail\ndef test_one(): assert False",
    "shared": "def test_one(shared): pass",
}


def red(tmp_path: Path, **environ: str) -> set[str]:
    """Return which of the files above fail under our conftest.py."""
    # Two folders deep, so that no shared folder lies where the copy of conftest.py looks for it.
    folder = tmp_path / "clone" / "tests"
    folder.mkdir(parents=True)
    shutil.copy(TESTS / "conftest.py", folder)
    for name, body in (UNEXCUSED | EXCUSED | BROKEN).items():
        (folder / f"test_{name}.py").write_text(f"import pytest\n{body}\n")
    (folder / "no_font.py").write_text("from assistant import config\nconfig.assets_dir = lambda: None\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no_font",
        "--continue-on-collection-errors",
        "--rootdir",
        str(folder),
        str(folder),
    ]
    outer = {n: text for n, text in os.environ.items() if n not in ("ASSISTANT_TEST_NO_SKIP", "PYTEST_ADDOPTS")}
    # No program of the machine is found, and the font is away.
    bare = {"PATH": str(tmp_path), "PYTHONPATH": str(folder)}
    done = subprocess.run(command, env=outer | environ | bare, capture_output=True, text=True, check=False)
    assert " 1 xfailed" in done.stdout
    return set(re.findall(r"(?m)^(?:FAILED|ERROR) \S*test_(\w+)\.py", done.stdout))


def test_in_ci_a_skip_needs_an_excuse(tmp_path: Path) -> None:
    assert red(tmp_path, ASSISTANT_TEST_NO_SKIP="1") == UNEXCUSED.keys() | BROKEN.keys()


def test_elsewhere_a_skip_is_a_skip(tmp_path: Path) -> None:
    assert red(tmp_path) == BROKEN.keys()
