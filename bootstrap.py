"""Set up and start the assistant with nothing but Python: ``python3 bootstrap.py setup | serve | test | check``.

Standard library only, and Windows too (``py`` for ``python3`` there). What is in place already is left alone, so a
second run takes no time. It writes to ``.venv``, ``node_modules`` and ``instance`` beside this file, and to nothing
else. ``style`` brings page style and font alone; the build of a wheel calls it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "bootstrap.json"
ASSETS = ROOT / "instance" / "assets"
KEYS = ROOT / "instance" / "keys"
NODE_MODULES = ROOT / "node_modules"
REPORT = ROOT / ".ci" / "lock_report.py"
WINDOWS = os.name == "nt"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
# What the stamp holds where the packages that read pictures are not wanted.
LEFT_OUT = "left out"

# On Windows ``python3`` is a stand-in that opens the shop; an installed Python is called ``py``.
CALL = f"{'py' if WINDOWS else 'python3'} bootstrap.py"
USAGE = f"""\
{CALL} setup [--without-scan]         install everything that is not there yet; --without-scan: leave out what reads
                                             pictures of pages (about 300 MB), for good
{CALL} serve [moa serve options]      the same, then start the wizard and print its address
{CALL} test [--all] [pytest options]  the same with the test tools, then the tests; --all: the long ones too
{CALL} check                          the same with the test tools, then ruff, its formatter, import-linter and mypy
{CALL} sbom [--out FILE]              write the list of all components of the locks as CycloneDX JSON
{CALL} audit                          ask OSV's list for known weaknesses: 0 none, 1 some, 75 "not run"
{CALL} style                          fetch page style and font alone, for a wheel to take along"""
# What pip and npm say where nobody answers.
NO_NETWORK = "name resolution|not known|getaddrinfo|refused|timed out|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT"


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do."""


def main(arguments: list[str]) -> int:  # one for each way to end
    """Do what the command line asks and return the exit status."""
    if sys.version_info < OLDEST_PYTHON:
        return say_no(f"Use Python 3.{OLDEST_PYTHON[1]} or newer: this one is {sys.version.split()[0]}.")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    without_scan = command == "setup" and rest == ["--without-scan"]
    if command in ("sbom", "audit"):
        return replace_by([str(python()) if python().exists() else sys.executable, str(REPORT), command, *rest])
    takes_options = command in ("serve", "test") or without_scan or not rest
    if command not in ("setup", "serve", "test", "check", "style") or not takes_options:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        if command == "style":
            return 0 if install_style() else 1
        set_up(tests=command in ("test", "check"), retry=command == "setup", without_scan=without_scan)
    except SetupError as error:
        return say_no(str(error))
    except KeyboardInterrupt:
        say_no("Stopped. Run the same command again to go on.")
        return 130
    return go_on(command, rest)


def go_on(command: str, rest: list[str]) -> int:
    """Start what was set up, and return its exit status."""
    if command == "serve":
        return replace_by([str(python()), "-m", "assistant", "serve", *rest])
    if command == "test":
        chosen = [] if "--all" in rest else ["-m", "not long"]
        if not any(one.startswith(("-n", "--numprocesses", "--pdb")) for one in rest):
            # One process for each core; a test waits for none that another one got.
            chosen += ["-n", "auto", "--dist", "worksteal"]
        return replace_by([str(python()), "-m", "pytest", *chosen, *(one for one in rest if one != "--all")])
    if command == "check":
        return check_code()
    print(f"Everything is in place. Start with: {CALL} serve")
    return 0


def check_code() -> int:
    """Run every tool that looks at the code, whatever the one before it found; return 0 where none found anything."""
    lint_imports = "from importlinter.cli import lint_imports_command as lint; lint()"
    tools = (["-m", "ruff", "check"], ["-m", "ruff", "format", "--check"], ["-c", lint_imports], ["-m", "mypy"])
    statuses = [subprocess.run([str(python()), *tool], cwd=ROOT, check=False).returncode for tool in tools]
    return 1 if any(statuses) else 0


def say_no(sentence: str) -> int:
    """Say on standard error why it does not go on, and return the status for that."""
    print(sentence, file=sys.stderr)
    return 1


def python(environment: Path = VENV) -> Path:
    """Return the Python of a virtual environment."""
    return environment / ("Scripts/python.exe" if WINDOWS else "bin/python")


def replace_by(command: list[str]) -> int:
    """Go on as another program: on POSIX in this very process, so that signals reach it."""
    sys.stdout.flush()
    os.chdir(ROOT)
    if not WINDOWS:
        os.execv(command[0], command)
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 130


def set_up(*, tests: bool, retry: bool, without_scan: bool = False) -> None:
    """Bring Python packages, page style, keys and database into place, each only where it is not yet.

    ``retry`` asks again for a page style, or for the packages that read pictures, that could not be had the last time.
    ``without_scan`` leaves those packages out; a later set-up without it brings them.
    """
    done = read_stamp()
    # The lock of the tests holds everything that the other holds, so it serves both.
    lock = ROOT / ("requirements-test.lock" if tests or done.get("tests") else "requirements.lock")
    packages = digest(lock, ROOT / "pyproject.toml")
    if done.get("packages") != packages or done.get("place") != str(ROOT) or not python().exists():
        # A moved clone: the programs in .venv still name the old place.
        make_environment(clear=done.get("place", str(ROOT)) != str(ROOT))
        install_packages(lock)
        done = {"place": str(ROOT), "packages": packages, "tests": lock.name == "requirements-test.lock"}
        write_stamp(done)
    scan_lock = ROOT / "requirements-scan.lock"
    wanted = LEFT_OUT if without_scan or (done.get("scan") == LEFT_OUT and not retry) else digest(scan_lock)
    if done.get("scan") != wanted and (retry or done.get("scan_failed") != wanted):
        fetched = wanted == LEFT_OUT or install_scan(scan_lock)
        write_stamp(done := {**done, "scan": wanted if fetched else "", "scan_failed": "" if fetched else wanted})
    style = digest(ROOT / "package-lock.json", Path(__file__))
    absent = bool(done.get("style_absent"))
    if done.get("style") != style or (absent and retry) or not (absent or ASSETS.is_dir()):
        write_stamp(done := {**done, "style_absent": not install_style(), "style": style})
    if not done.get("checked") or not KEYS.is_dir():
        run([str(python()), "-m", "assistant", "setup"], "Keys, database, self-check", show=True)
        write_stamp({**done, "checked": True})


def write_stamp(done: dict[str, object]) -> None:
    """Note what is in place now."""
    STAMP.write_text(json.dumps(done, indent=2), "utf-8")


def read_stamp() -> dict[str, object]:
    """Return what the last set-up left in place, or nothing."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def digest(*files: Path) -> str:
    """Return one hash over the contents of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def run(command: list[str], doing: str, *, show: bool = False, env: dict[str, str] | None = None) -> None:
    """Run a step, saying what is being done and how long it took.

    Raises:
        SetupError: it failed; its last lines are in the message.
    """
    print(f"{doing} ...", end="\n" if show else " ", flush=True)
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, check=False, stdin=subprocess.DEVNULL,
            stdout=None if show else subprocess.PIPE, stderr=None if show else subprocess.STDOUT,
        )  # fmt: skip
    except OSError as error:
        raise SetupError(f"{doing} failed: {command[0]} cannot be started ({error.strerror}).") from None
    if done.returncode:
        said = "" if show else done.stdout.decode("utf-8", "replace")
        lines = [line for line in said.splitlines() if line.strip() and not line.startswith("WARNING")]
        print("failed" if not show else "", flush=True)
        advice = "Connect this machine (or tell pip and npm your proxy)" if re.search(NO_NETWORK, said) else ""
        sentence = f"{doing} failed. {advice or 'Mend what the lines above name'}, then run this again."
        raise SetupError("\n".join([*lines[-12:], sentence]))
    if not show:
        print(f"{time.monotonic() - start:.0f} s")


def make_environment(*, clear: bool) -> None:
    """Make .venv, unless one is there whose Python and pip still work.

    Raises:
        SetupError: this Python cannot make one.
    """
    if not clear and python().exists():
        works = subprocess.run([str(python()), "-c", "import pip"], check=False, stderr=subprocess.DEVNULL)
        if works.returncode == 0:
            return
    make_venv(VENV, "Python environment in .venv")


def make_venv(place: Path, doing: str) -> None:
    """Make a virtual environment, clearing what lies there.

    Raises:
        SetupError: this Python cannot make one.
    """
    try:
        import ensurepip  # noqa: F401, PLC0415  # only whether it is there
    except ImportError:
        raise SetupError(
            "This Python comes without ensurepip. Install it first (Debian, Ubuntu: apt-get install python3-venv), "
            "then run this again."
        ) from None
    # The Python below, where this one is a virtual environment's itself.
    base = str(getattr(sys, "_base_executable", None) or sys.executable)
    run([base, "-m", "venv", "--clear", str(place)], doing)


def pip(environment: Path, *arguments: str) -> list[str]:
    """Return the command that has an environment's pip do something."""
    return [str(python(environment)), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]


def of_lock(lock: Path, *options: str) -> list[str]:
    """Return what pip is told to do with a lock.

    A lock names everything. Were pip to look for what the packages need, it would take a release that came out after
    the lock for a name with an extra (``coverage[toml]``), and then refuse it for want of a hash.
    """
    return ["install", "--require-hashes", "--no-deps", *options, "-r", str(lock)]


def install_packages(lock: Path) -> None:
    """Install exactly the packages of the lock, each checked against its hash, and the project itself in place."""
    run(pip(VENV, *of_lock(lock)), f"Python packages of {lock.name} (a minute or two)")
    local = ["--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)]
    run(pip(VENV, "install", *local), "The assistant itself")
    point_at_clone()


def install_scan(lock: Path) -> bool:
    """Install what reads pictures of pages and return whether all of it is there; say so where it is not, and go on.

    Only ready-made wheels: to build these packages takes compilers and libraries that an office machine does not have.
    A system for which tesserocr publishes no wheel still gets the rest, and uses a ``tesseract`` program if it has one.
    """
    try:
        run(
            pip(VENV, *of_lock(lock, "--only-binary=:all:")),
            f"Packages that read pictures of pages, of {lock.name} (a minute or two)",
        )
    except SetupError as error:
        say_no(str(error))
    else:
        return True
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        rest = Path(folder, lock.name)
        rest.write_text(without_package(lock.read_text("utf-8"), "tesserocr"), "utf-8")
        try:
            run(pip(VENV, *of_lock(rest, "--only-binary=:all:")), "The same without tesserocr")
        except SetupError:
            say_no(
                f"Pages that are pictures will not be read. Run `{CALL} setup` again to try once more, or "
                f"`{CALL} setup --without-scan` to leave this out."
            )
            return False
    say_no("tesserocr has no package for this system. Install the program tesseract to have pictures of pages read.")
    return True


def without_package(lock: str, name: str) -> str:
    """Return the text of a lock without one package and its hashes."""
    return re.sub(rf"(?m)^{re.escape(name)}==.*\n(?:[ \t]+.*\n?)*", "", lock)


def point_at_clone() -> None:
    """Have .venv name the clone by a relative way, ASCII whatever the clone is called.

    Python before 3.13 reads pip's UTF-8 in the machine's own code page: on Windows no ü in a path would be found.
    """
    for place in (VENV / "Lib" / "site-packages", *VENV.glob("lib/python*/site-packages")):
        for file in place.glob("*moa_assistant.pth"):
            file.write_text(os.path.relpath(ROOT, place), "ascii")


def install_style() -> bool:
    """Fetch USWDS, the font and the models, and lay out what is used; say so and go on where they cannot be had."""
    try:
        if node_is_new() and (npm := shutil.which("npm")):
            npm_ci([npm], dict(os.environ))
        else:
            # On Windows a scanner of viruses may still be reading what was written.
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                place = Path(folder, "node")
                make_venv(place, f"Node for a moment (none of version {OLDEST_NODE} or newer is here)")
                run(pip(place, *of_lock(ROOT / "requirements-node.lock")), "npm from PyPI")
                found = python(place).with_name("npm.exe" if WINDOWS else "npm")
                path = os.pathsep.join([str(found.parent), os.environ.get("PATH", "")])
                npm_ci([str(found)], {**os.environ, "PATH": path})
        lay_out_assets()
    except (SetupError, OSError) as error:
        say_no(
            f"{error}\nPage style, the font for names, and the models that read pictures of pages were not installed. "
            f"The wizard works in plain style; "
            f"run `{CALL} setup` again to try once more."
        )
        return False
    return True


def npm_ci(npm: list[str], env: dict[str, str]) -> None:
    """Install what package-lock.json names, running none of the packages' own scripts."""
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "Page style, font and models from npm", env=env)


def node_is_new() -> bool:
    """Return whether a Node is here that npm and USWDS still go with."""
    node = shutil.which("node")
    if not node:
        return False
    try:
        said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    except OSError:
        return False
    number = re.match(r"v(\d+)\.", said)
    return number is not None and int(number[1]) >= OLDEST_NODE


def lay_out_assets() -> None:
    """Copy what pages and PDFs use out of node_modules into instance/assets, with compressed twins for the server."""
    uswds = NODE_MODULES / "@uswds" / "uswds"
    arimo = NODE_MODULES / "@expo-google-fonts" / "arimo"
    css = (uswds / "dist" / "css" / "uswds.min.css").read_text("utf-8")
    served = ["css/uswds.min.css", *sorted(set(re.findall(r"url\(\"?\.\./((?:img|fonts)/[\w./-]+)", css)))]
    pairs = [(uswds / "dist" / name, name) for name in served]
    pairs.append((uswds / "LICENSE.md", "LICENSE-uswds.md"))
    for style, of_package in (("Regular", "400Regular"), ("Bold", "700Bold")):
        pairs.append((arimo / of_package / f"Arimo_{of_package}.ttf", f"arimo/Arimo-{style}.ttf"))
    pairs.append((arimo / "LICENSE_FONT", "arimo/LICENSE"))
    paddle = NODE_MODULES / "@gutenye" / "ocr-models" / "assets"
    pairs += [(paddle / name, f"models/{name}") for name in ("ch_PP-OCRv4_rec_infer.onnx", "ppocr_keys_v1.txt")]
    beside = ASSETS.with_name("assets.part")
    shutil.rmtree(beside, ignore_errors=True)
    models = beside / "models"
    models.mkdir(parents=True, exist_ok=True)
    packed = NODE_MODULES / "@tesseract.js-data" / "eng" / "4.0.0_best_int" / "eng.traineddata.gz"
    (models / "eng.traineddata").write_bytes(gzip.decompress(packed.read_bytes()))
    for source, name in pairs:
        target = beside / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        if target.suffix in {".css", ".svg"}:
            # No time inside, so that the same file gives the same bytes.
            target.with_name(target.name + ".gz").write_bytes(gzip.compress(target.read_bytes(), 9, mtime=0))
    shutil.rmtree(ASSETS, ignore_errors=True)
    beside.rename(ASSETS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
