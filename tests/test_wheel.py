"""A wheel carries pages, form maps, style and fonts, and works where there is no clone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a wheel built from a copy, unpacked."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in ("assistant", "templates", "forms", "instance/assets"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        out,
        copy,
    ]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(out / "unpacked")
    return out / "unpacked"


def moa(unpacked: Path, instance: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(unpacked), "ASSISTANT_INSTANCE_DIR": str(instance)}
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=instance,
        env=environ,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("folder", "packed"), [("templates", "templates"), ("forms", "forms"), ("instance/assets", "assets")]
)
def test_folders_beside_the_package_are_in_it(unpacked: Path, folder: str, packed: str) -> None:
    def names(place: Path) -> set[str]:
        return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}

    if (ROOT / folder).is_dir():
        assert names(unpacked / "assistant" / "_data" / packed) == names(ROOT / folder)


def hook() -> Any:
    spec = spec_from_file_location("hatch_build_on_trial", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("there", [False, True])
def test_style_is_fetched_where_set_up_has_not_run(tmp_path: Path, there: bool) -> None:  # noqa: FBT001
    (tmp_path / "bootstrap.py").write_text(
        "import os, pathlib, sys\n"
        "assert 'PYTHONPATH' not in os.environ\n"
        "pathlib.Path('instance/assets/arimo').mkdir(parents=True)\n"
        "pathlib.Path('instance/asked').write_text(' '.join(sys.argv[1:]))\n"
    )
    if there:
        (tmp_path / "instance" / "assets").mkdir(parents=True)
    data = built(tmp_path)
    assert data == {str(tmp_path / "instance" / "assets"): "assistant/_data/assets"}
    asked = tmp_path / "instance" / "asked"
    assert (asked.read_text() if asked.exists() else None) == (None if there else "style")


@pytest.mark.parametrize("script", [None, "raise SystemExit(1)"])
def test_a_wheel_is_built_where_style_cannot_be_had(
    tmp_path: Path, script: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    if script:
        (tmp_path / "bootstrap.py").write_text(script)
    assert built(tmp_path) == {}
    assert "instance/assets is absent, so the wheel goes without it." in capfd.readouterr().err


def built(root: Path) -> dict[str, str]:
    """Return what the build puts beside the package."""
    made = hook().CustomBuildHook(str(root), {}, None, None, str(root), "wheel")
    data: dict[str, Any] = {"force_include": {}}
    made.initialize("standard", data)
    found: dict[str, str] = data["force_include"]
    return found


@pytest.mark.long
def test_it_sets_itself_up_without_a_clone(unpacked: Path, tmp_path: Path) -> None:
    done = moa(unpacked, tmp_path, "setup")
    assert done.stderr == ""
    assert done.returncode == 0
    assert str(tmp_path) in done.stdout
    assert "form editions" in done.stdout
    assert "database up to date" in done.stdout


@pytest.mark.long
def test_the_wheel_is_what_ran(unpacked: Path, tmp_path: Path) -> None:
    code = "from assistant import config; print(config.PACKAGE, config.in_checkout())"
    environ = {**os.environ, "PYTHONPATH": str(unpacked)}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environ, text=True, capture_output=True, check=True
    )
    assert said.stdout.split() == [str(unpacked / "assistant"), "False"]
