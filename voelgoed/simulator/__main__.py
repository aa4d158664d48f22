"""`python -m voelgoed.simulator`: listens, and says where in its first line."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from voelgoed.simulator.server import Simulator


def main() -> None:
    """Read the options, listen, print the address, answer until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m voelgoed.simulator", description="Simulate payment processors.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8090, help="port to listen on; 0 takes any that is free")
    parser.add_argument("--data", type=Path, default=None, help="folder that keeps what happened; none keeps nothing")
    parser.add_argument(
        "--accounts", type=Path, default=None, help="JSON list of accounts, as the control API takes them"
    )
    chosen = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    simulator = Simulator(chosen.host, chosen.port, chosen.data)
    for said in json.loads(chosen.accounts.read_text()) if chosen.accounts else []:
        simulator.world.set_up(said.pop("provider"), said.pop("secret_key"), said)
    print(simulator.address, flush=True)
    print("This is a SIMULATOR of payment processors: no money moves.", flush=True)
    simulator.serve()


if __name__ == "__main__":
    main()
