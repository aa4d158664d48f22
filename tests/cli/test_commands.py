"""The command line itself: what it lists, what it costs, how it says that settings are missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from voelgoed import cli

# What must not be loaded by a command that does not need it: psycopg above all, which gunicorn's workers
# may import only after gevent has patched them.
HEAVY = {"flask", "sqlalchemy", "psycopg", "gevent", "rq", "redis"}


def test_importing_the_command_line_stays_light() -> None:
    script = f"import sys, voelgoed.cli.up, voelgoed.foundation.embedded.up; print(*({HEAVY!r} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.split() == []


def test_the_list_names_the_commands_for_ones_own_servers() -> None:
    said = CliRunner().invoke(cli.main, ["--help"]).output
    listed = {line.split()[0] for line in said.partition("Commands:")[2].splitlines() if line.strip()}
    assert {"up", "web", "worker", "sweep", "shell"} <= listed


def test_a_missing_module_breaks_only_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "COMMANDS", ("voelgoed.cli.absent:absent", "voelgoed.cli.sweep:sweep"))
    assert CliRunner().invoke(cli.main, ["--help"]).exit_code == 0
    assert "No such command 'absent'" in CliRunner().invoke(cli.main, ["absent"]).output
    assert CliRunner().invoke(cli.main, ["sweep", "--help"]).exit_code == 0


@pytest.mark.parametrize("command", [["web"], ["worker", "checkout"], ["sweep"], ["shell", "--organization", "x"]])
def test_without_settings_it_says_what_is_missing_in_one_line(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    result = CliRunner().invoke(cli.main, [*command, "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert result.output.startswith("Error: DATABASE_URL is not set and no `voelgoed up` runs on ")
    assert result.output.count("\n") == 1


def test_a_worker_without_redis_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://voelgoed_app@db.example/voelgoed")
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.delenv("REDIS_URL", raising=False)
    result = CliRunner().invoke(cli.main, ["worker", "checkout"])
    assert (result.exit_code, result.output.startswith("Error: REDIS_URL is not set")) == (1, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--cert", __file__], "belong together"),
        (["--port", "70000"], "70000"),
        (["--name", "gate.example"], "belong to --lan"),
        (["--lan", "--host", "127.0.0.1"], "leave out --host"),
        (["--lan", "--name", "gate.example:8000"], "--name is a name like"),
        (["--lan", "--name", "198.51.100.7"], "is not this machine's address any more"),
        (["--lan", "--name", "localhost", "--key", __file__], "belong together"),
    ],
)
def test_up_refuses_halves_and_impossible_ports(options: list[str], words: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli.main, ["up", "--data", str(tmp_path / "var"), *options])
    assert result.exit_code != 0
    assert words in result.output
    assert not (tmp_path / "var").exists()


def test_up_without_the_wheels_says_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voelgoed.foundation.embedded.binaries.find_spec", lambda name: None)
    result = CliRunner().invoke(cli.main, ["up", "--data", str(tmp_path / "var"), "--port", "18765"])
    assert result.exit_code == 1
    assert "set DATABASE_URL and REDIS_URL to your own servers" in result.output.splitlines()[-1]
