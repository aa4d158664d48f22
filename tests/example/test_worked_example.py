"""The README's worked example: a resource of tenants, in the trail, with pages and API, in forty lines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import Database
from voelgoed.config import normalise

SOURCE = Path(__file__).with_name("lost_property.py")
README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"```python example\n(.*?)```", re.DOTALL)


def test_the_readme_shows_what_is_tested_here() -> None:
    found = BLOCK.search(README.read_text())
    assert found is not None, "the README has lost its example"
    assert found[1] == SOURCE.read_text()


def test_it_takes_forty_lines_at_most() -> None:
    assert len([line for line in SOURCE.read_text().splitlines() if line.strip()]) <= 40


def test_it_is_filtered_audited_shown_and_described(database: Database) -> None:
    urls = {
        "owner": normalise(database.url("voelgoed_migrator")),
        "app": normalise(database.url()),
        "report": normalise(database.url("voelgoed_report")),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.example.life"], input=json.dumps(urls), capture_output=True, text=True,
        check=False, cwd=README.parent, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "empty": True,
        "made": 303,
        "wrong": 422,
        "shown": True,
        "in the navigation": True,
        "not allowed": 403,
        "outsider": 404,
        "outsider's own": False,
        "trail": True,
        "api": ["Rooi sambreel 🌂"],
        "described": True,
        "actors": ["gate_supervisor of home"],
    }
