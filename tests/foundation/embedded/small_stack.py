"""A whole `voelgoed up` with tiny programs in place of the application: `python small_stack.py DATA PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.listening import Listening
from voelgoed.foundation.embedded.up import Plan, run

# A parent with forked children, as the workers are.
WORKERS = """
import signal
from voelgoed.foundation.embedded.crew import Crew
from voelgoed.foundation.embedded.tell import teller
Crew({"one": signal.pause, "two": signal.pause}, teller()).run()
"""
PREPARE = (
    """
import json, os, sys, psycopg
told = json.load(sys.stdin)
print("step: bringing roles and tables up to date", flush=True)
with psycopg.connect(told["superuser_url"], autocommit=True) as c:
    c.execute("create table if not exists started (at timestamptz default now())")
    c.execute("insert into started default values")
    print("tables are there", flush=True)
    print("started", c.execute("select count(*) from started").fetchone()[0], "times", flush=True)
if "--stopped" in sys.argv:
    print("stop: phones know another address", flush=True)
    raise SystemExit(1)
if "--unprepared" in sys.argv:
    raise SystemExit("Error: this database is beyond help")
print("sign in as naledi@example.org\\nprepared", flush=True)
os.dup2(2, 1)
"""
    + WORKERS
)
WEB = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def main(data: str, port: str, *flags: str) -> int:
    """Run until a signal, or say in one line why it cannot."""
    web = "raise SystemExit('Error: the web is broken')" if "--broken" in flags else WEB
    plan = Plan(
        data=Path(data),
        listening=Listening("127.0.0.1", int(port)),
        demo="--no-demo" not in flags,
        version="newer" if "--newer" in flags else "older",
        prepare=[sys.executable, "-c", PREPARE, *flags],
        web=[sys.executable, "-c", web, port],
        workers=[sys.executable, "-c", WORKERS],
        durable="--durable" in flags,
    )
    try:
        run(plan, lambda line: print(line, flush=True))
    except StartError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
