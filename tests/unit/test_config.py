"""Settings come from the environment, then the file, then the defaults; keys are made once and for one user."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import config
from assistant.errors import InputError


def load(folder: Path, **environ: str) -> config.Config:
    return config.load({"ASSISTANT_INSTANCE_DIR": str(folder), **environ})


def test_defaults_are_local(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.host, settings.port, settings.behind_tls, settings.proxy_hops) == ("127.0.0.1", 8287, False, 0)
    assert settings.database == f"sqlite:///{tmp_path.as_posix()}/assistant.sqlite3"


def test_environment_wins_over_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        'port = 1\nhost = "::1"\ntrusted_hosts = ["a.example.gov"]\nbehind_tls = true\n'
    )
    settings = load(tmp_path, ASSISTANT_PORT="2", ASSISTANT_BEHIND_TLS="no")
    assert (settings.port, settings.host, settings.behind_tls) == (2, "::1", False)
    assert settings.trusted_hosts == ("a.example.gov",)
    assert load(tmp_path, ASSISTANT_TRUSTED_HOSTS="b.gov, c.gov").trusted_hosts == ("b.gov", "c.gov")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("prot = 1", "prot"),
        ("instance_dir = '/x'", "instance_dir"),
        ("port = true", "port"),
        ("port = -1", "port"),
        ("port = '1'", "port"),
        ("behind_tls = 1", "behind_tls"),
        ("host = 1", "host"),
        ("mode = 'team'", "mode in .* as single or shared"),
        ("log_level = 'loud'", "as debug, info, warning or error"),
        ("trusted_hosts = 'a'", "trusted_hosts"),
        ("port = ", "config.toml"),
        ("host = '\udcff'", "config.toml"),
    ],
)
def test_bad_file_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "config.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=named):
        load(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"), [("PORT", "x"), ("PORT", ""), ("BEHIND_TLS", "maybe"), ("THREADS", "-1"), ("MODE", "Shared")]
)
def test_bad_environment_is_refused_by_name(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError, match=f"ASSISTANT_{name}"):
        load(tmp_path, **{f"ASSISTANT_{name}": text})


@pytest.mark.parametrize("text", ["log_level = 'info'", "idle_seconds = 1800", "sheet_max_bytes = 1"])
def test_a_setting_of_an_earlier_version_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(f"{text}\nport = 1\n", "utf-8")
    assert load(tmp_path).port == 1


def test_an_instance_of_a_clone_lies_in_it() -> None:
    assert config.load({}).instance_dir == Path(config.__file__).parent.parent / "instance"


def test_key_is_made_once_for_one_user(tmp_path: Path) -> None:
    settings = load(tmp_path / "new")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: settings.key("session"), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    assert [path.name for path in settings.keys_dir.iterdir()] == ["session.key"]
    if os.name != "nt":
        assert (settings.keys_dir / "session.key").stat().st_mode & 0o777 == 0o600
        assert settings.keys_dir.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name == "nt", reason="only where files have a mode")
def test_instance_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir(mode=0o755)
    settings = load(tmp_path / "instance")
    settings.make_folders()
    assert settings.instance_dir.stat().st_mode & 0o777 == 0o700
    assert settings.log_dir.is_dir()


def test_instance_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="ASSISTANT_INSTANCE_DIR"):
        load(tmp_path / "file").make_folders()


def test_two_keys_differ(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.key("session") != settings.key("other")


@pytest.mark.parametrize("text", ["", "zz", "00" * 31, "é" * 64])
def test_damaged_key_is_never_replaced(tmp_path: Path, text: str) -> None:
    settings = load(tmp_path)
    settings.keys_dir.mkdir()
    (settings.keys_dir / "session.key").write_text(text, "utf-8")
    with pytest.raises(InputError, match="is not a key"):
        settings.key("session")
    assert (settings.keys_dir / "session.key").read_text("utf-8") == text


def test_absent_fonts_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(config, "CHECKOUT", tmp_path)
    monkeypatch.setattr(config, "PACKED", tmp_path / "_data")
    assert config.assets_dir() is None
    with pytest.raises(InputError, match="fonts are missing"):
        config.font_path("Regular")
    (tmp_path / "_data" / "assets" / "arimo").mkdir(parents=True)
    with pytest.raises(InputError, match=r"Arimo-Bold\.ttf is missing"):
        config.font_path("Bold")


def test_packed_folders_are_found_in_a_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(config, "CHECKOUT", tmp_path)
    monkeypatch.setattr(config, "PACKED", tmp_path / "_data")
    (tmp_path / "_data" / "templates").mkdir(parents=True)
    assert config.resource_dir("templates") == tmp_path / "_data" / "templates"
    with pytest.raises(InputError, match="not complete"):
        config.resource_dir("forms")
    assert "moa-assistant" in str(config.load({}).instance_dir)
