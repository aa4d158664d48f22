"""Builds the wheel, installs it alone, and starts it from an empty folder: what is shipped must be whole."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
CARRIED = (
    "voelgoed/templates/",
    "voelgoed/static/",
    "voelgoed/jobs/",
    "voelgoed/migrations/versions/",
    "voelgoed/py.typed",
)
START_SECONDS = 60.0


def build(folder: Path) -> Path:
    """Build the wheel from the checkout and return its path."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=SOURCE, check=True)
    return next(folder.glob("*.whl"))


def inspect(wheel: Path) -> None:
    """Refuse a wheel that lacks something, or that puts anything but `voelgoed` beside other packages."""
    names = zipfile.ZipFile(wheel).namelist()
    for carried in CARRIED:
        if not any(name.startswith(carried) for name in names):
            raise SystemExit(f"the wheel lacks {carried}")
    tops = {name.split("/")[0] for name in names}
    strangers = {top for top in tops if top != "voelgoed" and not top.endswith(".dist-info")}
    if strangers:
        raise SystemExit(f"the wheel also installs {sorted(strangers)}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(program: Path, folder: Path) -> None:
    """Start `voelgoed up` from an empty folder, ask for its pages, read the demo, end it."""
    port = free_port()
    began = time.monotonic()
    log = (folder / "up.log").open("w+")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    up = subprocess.Popen(
        [program, "up", "--port", str(port)], cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=environment
    )
    try:
        while f"ready: http://127.0.0.1:{port}" not in (folder / "up.log").read_text():
            if up.poll() is not None or time.monotonic() - began > START_SECONDS:
                raise SystemExit(f"`voelgoed up` was not ready:\n{(folder / 'up.log').read_text()}")
            time.sleep(0.1)
        print(f"ready in {time.monotonic() - began:.1f} s")
        ask(port)
        demo = subprocess.run([program, "demo", "--json"], cwd=folder, check=True, capture_output=True, env=environment)
        codes = json.loads(demo.stdout)["organizations"][0]["unused_codes"]
        if len(codes) < 200 or not codes[0].startswith("VG1."):
            raise SystemExit("the demo gave no codes")
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(timeout=15)


def ask(port: int) -> None:
    """Fetch the sign-in page and one of its style sheets."""
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/-/sign-in", timeout=10).read().decode()
    sheet = re.search(r'href="(/static/css/[^"]+)"', page)
    if sheet is None:
        raise SystemExit("the sign-in page names no style sheet")
    urllib.request.urlopen(f"http://127.0.0.1:{port}{sheet.group(1)}", timeout=10).read()


def main() -> None:
    """Do all of it in a folder of its own."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        folder.chmod(0o755)
        wheel = build(folder / "dist")
        inspect(wheel)
        venv.create(folder / "env", with_pip=True)
        subprocess.run([folder / "env/bin/pip", "install", "-q", wheel], check=True)
        (folder / "empty").mkdir()
        start(folder / "env/bin/voelgoed", folder / "empty")
    print("the wheel stands alone")


if __name__ == "__main__":
    main()
