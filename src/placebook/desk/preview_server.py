"""The preview's server: a site's files for the browsers of this machine alone, and what they are told of each build.

Nothing is written into the site: the script that loads a page again is put into pages as they are served. What a page is told
comes by Server-Sent Events: the hash of the page as it is now, whether a build is under way, and what is wrong.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
import stat
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from placebook.markup import Html, markup

HERE = "127.0.0.1"
FRONT = "index.html"
SCRIPT, EVENTS = "/-/preview.js", "/-/events"
"""Addresses of the preview's own: no site has a folder of that name."""
STYLE = ("_static/placebook.css", "_static/placebook.js")
"""What the book itself adds to each page: another one, and the page is another one too."""
BEAT = 15.0
"""Seconds of silence after which a reader is written to, who may have gone."""
PATIENCE = 30.0
"""Seconds that a request may take to arrive."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, as a page shows it: ``params/hitchin.yml:12``, what, and what to write instead."""

    where: str
    what: str
    remedy: str = ""


class News:
    """What open pages are told, and which those are. Shared by the threads of all readers and the one that builds."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._edition = 0
        self._building = False
        self._problems: Sequence[Problem] = ()
        self._ended = False
        self._open: Counter[str] = Counter()

    def tell(self, building: bool, problems: Sequence[Problem] | None = None) -> None:
        """Whether a build is under way, and what is wrong; None: as before."""
        with self._turn:
            self._building = building
            self._problems = self._problems if problems is None else problems
            self._edition += 1
            self._turn.notify_all()

    def end(self) -> None:
        """Let every reader go."""
        with self._turn:
            self._ended = True
            self._turn.notify_all()

    def open_pages(self) -> list[str]:
        """Addresses of the pages that browsers show, each once."""
        with self._turn:
            return sorted(self._open)

    @contextmanager
    def reader(self, page: str) -> Iterator[None]:
        """A browser shows this page."""
        with self._turn:
            self._open[page] += 1
        try:
            yield
        finally:
            with self._turn:
                self._open[page] -= 1
                self._open += Counter()  # without those that nobody shows

    def next(self, known: int) -> tuple[int, dict[str, Any]] | None:
        """The news after the edition that is ``known``, at once or when they come, but for a beat's time the old ones; None at
        the end."""
        with self._turn:
            self._turn.wait_for(lambda: self._ended or self._edition != known, BEAT)
            if self._ended:
                return None
            return self._edition, {"building": self._building, "problems": [asdict(problem) for problem in self._problems]}


@contextmanager
def serving(site: Path, news: News) -> Iterator[str]:
    """Serve a site on a port that the system chooses; gives its address. No thread serves any more when the block ends."""
    with ThreadingHTTPServer((HERE, 0), partial(_Reader, site, news)) as server:
        server.daemon_threads = True  # a reader who listens on keeps nothing from ending
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield f"http://{HERE}:{server.server_port}/"
        finally:
            news.end()
            server.shutdown()
            thread.join()


def read_contained(site: Path, address: str) -> bytes | None:
    """The bytes of the ordinary file that an address of the site names; None where there is none.

    No folder, nothing hidden, nothing outside, and no way through a symbolic link: each step is opened in the one before.
    """
    steps = unquote(address, errors="strict").removeprefix("/").split("/")
    if any(not step or step.startswith(".") or "\\" in step or "\0" in step for step in steps):
        return None
    opened: list[int] = []
    try:
        opened.append(os.open(site, os.O_RDONLY | os.O_DIRECTORY))
        for step in steps[:-1]:
            opened.append(os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=opened[-1]))
        opened.append(os.open(steps[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=opened[-1]))
        if not stat.S_ISREG(os.fstat(opened[-1]).st_mode):
            return None
        with os.fdopen(opened.pop(), "rb") as stream:
            return stream.read()
    except OSError:
        return None
    finally:
        for handle in opened:
            os.close(handle)


def page_hash(site: Path, address: str) -> str:
    """The hash of a page and of what the book adds to all pages; "" where there is no such page."""
    try:
        page = read_contained(site, address)
    except UnicodeDecodeError:
        return ""
    return _hash(site, page) if page is not None else ""


def _hash(site: Path, page: bytes) -> str:
    whole = hashlib.sha256(page)
    for name in STYLE:
        whole.update(read_contained(site, name) or b"")
    return whole.hexdigest()


def with_script(page: bytes, known: str) -> bytes:
    """A page with the preview's script at its end; ``known`` is the hash of the page as it is served."""
    script = markup('<script src="{}" data-page="{}"></script>', SCRIPT, known).encode()
    at = page.rfind(b"</body>")
    return page + script if at < 0 else page[:at] + script + page[at:]


def no_page(title: str, text: str) -> Html:
    """A page in place of one that there is not."""
    return markup(
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{}</title>\n</head>\n<body>\n<main>\n'
        "<h1>{}</h1>\n<p>{}</p>\n</main>\n</body>\n</html>\n",
        title,
        title,
        text,
    )


class _Reader(BaseHTTPRequestHandler):
    """One request: of a file of the site, of the script, or for the news."""

    server_version, sys_version = "placebook", ""
    timeout = PATIENCE

    def __init__(self, site: Path, news: News, *request: Any):
        self._site, self._news = site, news
        super().__init__(*request)

    def do_GET(self) -> None:
        port = self.connection.getsockname()[1]
        # Another name that leads to this machine is another site's, whose scripts could read what is served here.
        if self.headers.get_all("Host") not in ([f"{HERE}:{port}"], [f"localhost:{port}"]):
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, f"this preview answers to {HERE}:{port} alone")
            return
        address = urlsplit(self.path)
        with suppress(ConnectionError, TimeoutError):  # the reader has gone
            if address.path == EVENTS:
                self._tell(parse_qs(address.query).get("page", [""])[0])
            elif address.path == SCRIPT:
                self._answer(
                    HTTPStatus.OK, "text/javascript; charset=utf-8", Path(__file__).with_name("preview.js").read_bytes()
                )
            else:
                self._serve(FRONT if address.path == "/" else address.path)

    do_HEAD = do_GET

    def _serve(self, address: str) -> None:
        try:
            content = read_contained(self._site, address)
        except UnicodeDecodeError:
            content = None
        kind = mimetypes.guess_type(address)[0] or "application/octet-stream"
        if kind == "text/html":
            if content is not None:
                self._answer(HTTPStatus.OK, f"{kind}; charset=utf-8", with_script(content, _hash(self._site, content)))
            elif self._site.is_dir():
                page = no_page(
                    "There is no such page", "The book has no page of this address. Should it get one, it comes here."
                )
                self._answer(HTTPStatus.NOT_FOUND, f"{kind}; charset=utf-8", with_script(page.encode(), ""))
            else:
                page = no_page("There is no book yet", "It comes here as soon as it is built.")
                self._answer(HTTPStatus.SERVICE_UNAVAILABLE, f"{kind}; charset=utf-8", with_script(page.encode(), ""))
        elif content is None:
            self._refuse(HTTPStatus.NOT_FOUND, "the book has no file of this address")
        else:
            self._answer(HTTPStatus.OK, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, content)

    def _tell(self, page: str) -> None:
        self._head(HTTPStatus.OK, "text/event-stream")
        if self.command == "HEAD":
            return
        edition = -1
        with self._news.reader(page):
            while news := self._news.next(edition):
                edition, told = news
                message = json.dumps({"page": page_hash(self._site, page), **told})
                self.wfile.write(f"data: {message}\n\n".encode())

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._answer(status, "text/plain; charset=utf-8", f"{why}\n".encode())

    def _answer(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self._head(status, kind, len(content))
        if self.command != "HEAD":
            self.wfile.write(content)

    def _head(self, status: HTTPStatus, kind: str, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")
        self.end_headers()

    def log_message(self, *about: Any) -> None:
        """What a browser asks for is nothing to be told."""
