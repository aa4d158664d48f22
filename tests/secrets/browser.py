"""A browser that keeps all that it was shown."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from urllib.parse import urljoin

import httpx

from tests.faults.patrons import PROOF
from tests.secrets.places import readable

LINK = re.compile(r'(?:href|data-refetch)="(/[^"#]*)')


class Browser:
    """Somebody's browser; `shown` holds every answer's text and headers by address."""

    def __init__(self, address: str, name: str, cookie: tuple[str, str] | None = None) -> None:
        self.http = httpx.Client(base_url=address, timeout=30, trust_env=False)
        self.name, self.shown = name, dict[str, str]()
        if cookie:
            self.http.cookies.set(*cookie, domain="127.0.0.1", path="/")

    def get(self, path: str) -> httpx.Response:
        return self._keep(path, self.http.get(path))

    def submit(self, page: str, path: str = "", once: bool = False, **form: object) -> httpx.Response:
        """Send a page's form; `once`: the answer shows a secret for the only time, and is not kept."""
        proof = PROOF.search(self.http.get(page).text)
        assert proof is not None, page
        answer = self.http.post(path or page, data={"csrf_token": proof[1], **form})
        return answer if once else self._keep(f"POST {path or page} {len(self.shown)}", answer)

    def _keep(self, path: str, answer: httpx.Response) -> httpx.Response:
        told = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        text = readable(answer.content, answer.headers.get("content-type", ""))
        self.shown[f"{self.name} {path}"] = f"{told} {text}"
        return answer

    def wander(self, start: str, most: int) -> set[str]:
        """Visit what is linked, and what that links, up to so many addresses; returns those that were there."""
        waiting, known, there = deque([start]), {start}, set[str]()
        while waiting and len(there) < most:
            here = waiting.popleft()
            answer = self.get(here)
            if answer.status_code != 200:
                continue
            there.add(here)
            if "text/html" in answer.headers["content-type"]:
                for link in LINK.findall(answer.text):
                    path = urljoin(here, unescape(link))
                    if path not in known and not path.startswith("/static"):
                        known.add(path)
                        waiting.append(path)
        return there
