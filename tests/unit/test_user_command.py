"""`moa user`: accounts made and managed at the console, without a default account anywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from assistant.app import create_app
from assistant.cli.database import session
from assistant.cli.main import run
from assistant.config import load
from assistant.errors import InputError
from assistant.services.accounts import people, setup_links
from assistant.services.application import applications
from assistant.services.installation.agencies import local_agency
from assistant.storage.account_tables import PersonRow, SetupLinkRow
from assistant.storage.tables import AgencyRow

if TYPE_CHECKING:
    from pathlib import Path

ADA = "ada@ecso.example.gov"
AGENCY = "Example County Sheriff’s Office"
ADD = ["user", "add", ADA, "--agency", AGENCY, "--role", "administrator"]


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    return tmp_path / "instance"


def test_there_is_no_default_account(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["user", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    monkeypatch.setenv("ASSISTANT_MODE", "shared")
    with pytest.raises(InputError, match="moa user add"):
        create_app(load())
    with session() as opened:
        assert opened.scalars(select(PersonRow)).all() == []


def test_serve_is_refused_until_there_is_an_administrator(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_MODE", "shared")
    assert run(["serve", "--port", "0"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "moa user add EMAIL --agency AGENCY --role administrator" in err
    assert run(["user", "add", ADA, "--agency", AGENCY, "--role", "preparer"]) == 0
    assert run(["serve", "--port", "0"]) == 2, "a preparer is no administrator"


def test_add_prints_one_link_that_lives_half_an_hour(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ADD) == 0
    out, err = capsys.readouterr()
    assert f"{ADA} is administrator of {AGENCY}.\nThe agency is new." in out
    assert "ASSISTANT_MODE" in err
    (token,) = re.findall(r"Open http://127\.0\.0\.1:8287/set-up/([\w-]{43})\n", out)
    with session() as opened:
        link = opened.scalars(select(SetupLinkRow)).one()
        assert link.expires_at - link.created_at == timedelta(minutes=30)
        now = datetime.now(UTC)
        assert setup_links.person_of_link(opened, token, now=now)
        assert setup_links.person_of_link(opened, token, now=now + timedelta(minutes=30)) is None
        assert token.encode() not in link.token_digest


def test_the_address_is_that_of_the_proxy(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_BEHIND_TLS", "1")
    monkeypatch.setenv("ASSISTANT_TRUSTED_HOSTS", "localhost,moa.example.gov")
    assert run([*ADD, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document.pop("link").startswith("https://moa.example.gov/set-up/")
    assert document == {
        "email": ADA, "agency": AGENCY, "agency_is_new": True, "roles": ["administrator"], "link_minutes": 30,
    }  # fmt: skip


def test_roles_add_up_and_an_account_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ADD) == 0
    assert run(["user", "add", ADA.upper(), "--agency", AGENCY.upper(), "--role", "preparer"]) == 0
    assert run(["user", "add", ADA, "--agency", "Sample Village Police", "--role", "approver"]) == 0
    capsys.readouterr()
    assert run(["user", "list", "--json"]) == 0
    (account,) = json.loads(capsys.readouterr().out)
    assert account["state"] == "set-up"
    assert account["agencies"] == [
        {"agency": AGENCY, "roles": ["preparer", "administrator"]},
        {"agency": "Sample Village Police", "roles": ["approver"]},
    ]


def test_the_first_agency_takes_over_what_one_person_made(capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
    with session() as opened:
        agency = local_agency(opened, now=now)
        applications.create(opened, agency.id, now=now)
        agency_id = agency.id
    assert run(ADD) == 0
    assert "made in single mode belong to this agency now" in capsys.readouterr().out
    assert run(["user", "add", "bo@example.gov", "--agency", "This agency", "--role", "preparer"]) == 0
    with session() as opened:
        rows = opened.scalars(select(AgencyRow).order_by(AgencyRow.id)).all()
        assert [row.name for row in rows] == [AGENCY, "This agency"]
        assert rows[0].id == agency_id
        assert len(applications.list_for(opened, agency_id)) == 1


def test_unlock_disable_and_reset(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ADD) == 0
    assert run(["user", "add", "bo@example.gov", "--agency", AGENCY, "--role", "administrator"]) == 0
    with session() as opened:
        people.get_person(opened, ADA).locked_at = datetime.now(UTC)
    capsys.readouterr()
    assert run(["user", "unlock", ADA]) == 0
    assert run(["user", "unlock", ADA]) == 0
    assert capsys.readouterr().out == f"{ADA} is unlocked.\n{ADA} was not locked.\n"
    assert run(["user", "reset-password", ADA, "--json"]) == 0
    assert "/set-up/" in json.loads(capsys.readouterr().out)["link"]
    assert run(["user", "disable", ADA]) == 0
    assert run(["user", "reset-password", ADA]) == 2
    assert run(["user", "disable", "bo@example.gov"]) == 1, "the last administrator"
    assert "no administrator left" in capsys.readouterr().err
    assert run(["user", "add", ADA, "--agency", AGENCY, "--role", "preparer"]) == 0
    capsys.readouterr()
    assert run(["user", "list"]) == 0
    assert capsys.readouterr().out == (
        f"{ADA}  set-up\n  {AGENCY}: preparer, administrator\nbo@example.gov  set-up\n  {AGENCY}: administrator\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["user", "add", "nobody", "--agency", "A", "--role", "preparer"], "not an e-mail address"),
        (["user", "add", ADA, "--agency", " ", "--role", "preparer"], "Give the agency's name"),
        (["user", "add", ADA, "--agency", "A", "--role", "boss"], "'boss' is not one of"),
        (["user", "unlock", "nobody@example.gov"], "There is no account"),
        (["user", "disable", "x"], "There is no account"),
        (["user", "reset-password", "nobody@example.gov"], "There is no account"),
    ],
)
def test_bad_input_is_one_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_one_person_alone_loads_nothing_of_accounts(instance: Path) -> None:
    code = (
        "import sys; from assistant.app import create_app; from assistant.config import load; "
        "app = create_app(load()); "
        "app.test_client().get('/', base_url='http://127.0.0.1/'); print(*sorted(sys.modules))"
    )
    environ = os.environ | {"ASSISTANT_INSTANCE_DIR": str(instance)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ)
    modules = set(done.stdout.split())
    assert "assistant.web.kit.context" in modules
    assert not {"zxcvbn", "assistant.services.accounts.sign_in", "assistant.services.accounts.people"} & modules
    assert not any(name.startswith("assistant.web.accounts") for name in modules)


def test_the_console_adds_a_person_to_a_second_agency_with_a_link_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(ADD) == 0
    first = re.findall(r"/set-up/([\w-]{43})", capsys.readouterr().out)
    assert run(["user", "add", ADA, "--agency", "Sample Village Police Department", "--role", "preparer"]) == 0
    second = re.findall(r"/set-up/([\w-]{43})", capsys.readouterr().out)
    with session() as opened:
        now = datetime.now(UTC)
        whose = [setup_links.person_of_link(opened, token, now=now) for token in (*first, *second)]
        assert [person is not None for person in whose] == [False, True]
