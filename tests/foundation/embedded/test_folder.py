"""The data folder: held by one, kept for one purpose, and never half written."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn

import pytest

from voelgoed.foundation.embedded import StartError, folder
from voelgoed.foundation.embedded.folder import DEMO, OPEN_DEMO, REAL, DataFolder, environment_of
from voelgoed.foundation.embedded.listening import Listening
from voelgoed.foundation.embedded.port import free_port
from voelgoed.foundation.embedded.secret import write_private
from voelgoed.foundation.embedded.up import Plan, run


def test_one_at_a_time_holds_it(tmp_path: Path) -> None:
    with DataFolder(tmp_path), pytest.raises(StartError, match=f"process id {os.getpid()}"), DataFolder(tmp_path):
        pass
    with DataFolder(tmp_path):
        pass


def test_others_learn_how_to_reach_it_while_it_is_held(tmp_path: Path) -> None:
    assert environment_of(tmp_path) is None
    with DataFolder(tmp_path) as held:
        assert environment_of(tmp_path) is None
        held.publish({"DATABASE_URL": "postgresql://here"})
        assert environment_of(tmp_path) == {"DATABASE_URL": "postgresql://here"}
    assert environment_of(tmp_path) is None


def test_what_a_killed_one_published_is_not_believed(tmp_path: Path) -> None:
    write_private(tmp_path / "lock", "1")
    write_private(tmp_path / "running.json", "{}")
    assert environment_of(tmp_path) is None


@pytest.mark.parametrize("other", [DEMO, OPEN_DEMO, REAL])
@pytest.mark.parametrize("kind", [DEMO, OPEN_DEMO, REAL])
def test_its_purpose_stays(tmp_path: Path, kind: str, other: str) -> None:
    held = DataFolder(tmp_path)
    held.keep_for(kind)
    with nullcontext() if kind == other else pytest.raises(StartError, match="or choose another --data"):
        held.keep_for(other)


def test_a_private_file_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(tmp_path / "secret", "first")
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(OSError, match="No space left"):
        write_private(tmp_path / "secret", "second")
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
    assert (tmp_path / "secret").read_text() == "first"
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_disk_that_fills_on_the_way_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "write_private", _full)
    plan = Plan(tmp_path / "var", Listening("127.0.0.1", free_port()), True, "", [], [], [])
    with pytest.raises(StartError, match="is full: free some space"):
        run(plan, print)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_not_ours_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StartError, match="may not be written by this user"), DataFolder(tmp_path / "var"):
        pass


def test_a_file_in_its_place_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(StartError, match="var"), DataFolder(tmp_path / "var"):
        pass


def _full(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
