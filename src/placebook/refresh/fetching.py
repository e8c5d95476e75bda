"""The one room that speaks to publishers: https, named hosts, limits of time and size, retries, nothing fetched in vain."""

from __future__ import annotations

import codecs
import hashlib
import ipaddress
import json
import logging
import random
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from placebook import __version__
from placebook.errors import InputError
from placebook.paths import write_atomically

for _library in ("httpx", "httpcore"):
    logging.getLogger(_library).setLevel(logging.WARNING)  # they log whole addresses, and a key may stand in one
PASSING = frozenset({429, 502, 503, 504})
"""Answers that may be another one a moment later. A 500 is not among them: the interfaces answer so to bad requests."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class FetchError(InputError):
    """A publisher's answer cannot be had, or is none."""


class Refused(FetchError):
    """The publisher understood and answers with an error. ``status`` is HTTP's; ``said`` the beginning of its words."""

    def __init__(self, address: str, status: int, said: str):
        self.status, self.said = status, said
        super().__init__(f"{address}: the publisher answers {status}: {said or 'nothing more'}. Correct the source's fetch.")


class _Passing(Exception):
    """What may pass: asked again. ``after`` is how long the publisher asks to wait, in seconds."""

    def __init__(self, problem: str, after: float = 0.0):
        self.problem, self.after = problem, after
        super().__init__(problem)


@dataclass(frozen=True)
class Limits:
    """How much of a publisher's time, and of this machine, one answer may take."""

    seconds: float = 180.0
    """One answer, from asking to its last byte, however slowly it drips."""
    silence: float = 30.0
    """Without a single byte."""
    size: int = 400_000_000
    """Bytes, unpacked."""
    tries: int = 4
    redirects: int = 4
    longest_wait: float = 120.0
    """A publisher who asks to wait longer is not waited for."""


@dataclass(frozen=True)
class Answer:
    """A whole answer. ``address`` is that asked for, without keys."""

    address: str
    content: bytes
    media_type: str
    """Lower case, without parameters; "" where the publisher names none (Explore Local Statistics does not)."""
    charset: str
    """As declared, or ""."""

    def text(self) -> str:
        """The answer as text. Raises FetchError for a charset that nobody knows, and for text that is not in it."""
        try:
            name = codecs.lookup(self.charset or "utf-8").name
            return self.content.decode("utf-8-sig" if name in ("utf-8", "ascii") else name)
        except LookupError:
            raise FetchError(f"{self.address}: declares the charset {self.charset!r}, which nobody knows. Ask later.") from None
        except UnicodeDecodeError:
            raise FetchError(
                f"{self.address}: is not text in {self.charset or 'UTF-8'}, as it must be. Ask later, or tell the publisher."
            ) from None

    def table(self) -> str:
        """As ``text``, of an answer that must be a CSV table. Raises FetchError for a web page, a message or another type."""
        if self.media_type and self.media_type not in TABLES:
            raise FetchError(f"{self.address}: is {self.media_type}, not a CSV table. Open it in a browser: it may say why.")
        text = self.text()
        if text.lstrip()[:1] in ("<", "{"):
            raise FetchError(f"{self.address}: is a web page or a message, not a table: {said(self.content)}")
        return text


TABLES = ("text/csv", "text/plain", "application/csv", "application/octet-stream", "application/vnd.ms-excel")
"""Media types under which publishers hand out CSV."""


@dataclass
class Fetcher:
    """Asks the ``hosts`` that a source names, and no other, also where it is redirected.

    ``base_url`` is a server on this machine that stands in for all of them: ``HOST/PATH`` is asked of it under that path.
    ``kept`` is the folder of answers kept, which are asked for again only if they changed. ``secrets`` are parameters (a key)
    by host: they go into the request and nowhere else.
    """

    hosts: Collection[str]
    kept: Path | None = None
    base_url: str = ""
    limits: Limits = field(default_factory=Limits)
    pace: float = 1.0
    """Seconds between two requests."""
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    requests: int = 0
    """Asked so far, repetitions and redirects counted."""
    last: float = float("-inf")

    def __post_init__(self) -> None:
        if self.base_url:
            self.base_url = loopback(self.base_url)

    def get(self, address: str, accept: str = "*/*") -> Answer:
        """The answer to a GET. Raises Refused where the publisher refuses, FetchError where no whole answer is to be had."""
        self.check(address)
        problem, wait = "", 1.0
        for attempt in range(self.limits.tries):
            if attempt:
                self.sleep(wait)
            try:
                return self._once(address, accept)
            except _Passing as passing:
                problem = passing.problem
                if passing.after > self.limits.longest_wait:
                    break
                # A little chance, so that many who were turned away do not come back at once.
                wait = max(passing.after, 2.0**attempt * random.uniform(1.0, 1.5))
        raise FetchError(f"{address}: {problem}. Ask again later; what is frozen stays as it is.")

    def check(self, address: str) -> None:
        """Raises FetchError for an address that is not https or not at a host that the source names."""
        parts = urlsplit(address)
        if parts.scheme != "https" or parts.username or parts.password or parts.port not in (None, 443):
            raise FetchError(f"{_shown(address)}: only plain https addresses are fetched. Correct the source's fetch.")
        if parts.hostname not in self.hosts:
            raise FetchError(f"{parts.hostname} is no host that the source names ({', '.join(sorted(self.hosts))}).")

    def _once(self, address: str, accept: str) -> Answer:
        started, target = self.clock(), address
        headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": f"placebook/{__version__}"}
        note = self._note(address)
        headers |= {name: note[kept] for name, kept in CONDITIONS.items() if note.get(kept)}
        timeout = httpx.Timeout(min(self.limits.silence, self.limits.seconds))
        try:
            with httpx.Client(timeout=timeout, verify=_trusted(), trust_env=not self.base_url) as client:
                for _ in range(self.limits.redirects + 1):
                    self._wait()
                    with client.stream("GET", self._sent(target), headers=headers) as response:
                        if response.status_code in REDIRECTS and (to := response.headers.get("location")):
                            target = self._redirected(target, to)
                            continue
                        return self._answer(address, response, note, started)
        except httpx.TimeoutException:
            raise _Passing("no answer in time") from None
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise _Passing(f"the connection failed or the answer was cut off ({type(error).__name__})") from None
        raise FetchError(f"{address}: redirects more than {self.limits.redirects} times.")

    def _wait(self) -> None:
        if (left := self.last + self.pace - self.clock()) > 0:
            self.sleep(left)
        self.last = self.clock()
        self.requests += 1

    def _sent(self, address: str) -> httpx.URL:
        """The address as it is asked: with the host's secrets, at the stand-in where there is one."""
        parts = urlsplit(address)
        asked = f"?{parts.query}" if parts.query else ""
        url = httpx.URL(f"{self.base_url}/{parts.hostname}{parts.path}{asked}" if self.base_url else address)
        secrets = self.secrets.get(parts.hostname or "")
        return url.copy_merge_params(secrets) if secrets else url

    def _redirected(self, target: str, to: str) -> str:
        """Where a redirect leads; a stand-in's own addresses are those of the host that it stands in for."""
        if self.base_url and to.startswith(f"{self.base_url}/"):
            to = f"https://{to.removeprefix(self.base_url).lstrip('/')}"
        address = urljoin(target, to)
        self.check(address)
        return address

    def _answer(self, address: str, response: httpx.Response, note: dict[str, Any], started: float) -> Answer:
        status = response.status_code
        if status == 304 and note:
            return Answer(address, self._body(address).read_bytes(), note["media_type"], note["charset"])
        if status in PASSING:
            raise _Passing(f"the publisher answers {status}", _after(response.headers.get("retry-after", "")))
        content = self._read(address, response, started)
        if status != 200:
            raise Refused(address, status, said(content))
        media_type, _, parameters = response.headers.get("content-type", "").partition(";")
        charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'").lower()
        answer = Answer(address, content, media_type.strip().lower(), charset)
        self._keep(answer, response)
        return answer

    def _read(self, address: str, response: httpx.Response, started: float) -> bytes:
        """The body, unpacked piece by piece and never further than the limit."""
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("identity", "", "gzip"):
            raise FetchError(f"{address}: is packed as {coding}, which was not asked for.")
        unpacker = zlib.decompressobj(wbits=31) if coding == "gzip" else None
        content = bytearray()
        for piece in response.iter_raw():  # as it comes: gathered to pieces of a size it would hide how slowly it drips
            if self.clock() - started > self.limits.seconds:
                raise _Passing(f"the answer took longer than {self.limits.seconds:g} seconds")
            room = self.limits.size - len(content) + 1
            try:
                content += unpacker.decompress(piece, room) if unpacker else piece[:room]
            except zlib.error:
                raise _Passing("the answer is packed wrongly") from None
            if len(content) > self.limits.size:
                raise FetchError(f"{address}: is larger than {self.limits.size:,} bytes. No table of this book is so large.")
        if unpacker and (not unpacker.eof or unpacker.unused_data):
            raise _Passing("the answer was cut off")
        return bytes(content)

    # answers kept: _build/fetched/HASH and HASH.json
    def _body(self, address: str) -> Path:
        assert self.kept is not None
        return self.kept / hashlib.sha256(f"{self.base_url} {address}".encode()).hexdigest()

    def _note(self, address: str) -> dict[str, Any]:
        """What is known of the answer kept; nothing where there is none, or it is not as it was written."""
        if self.kept is None:
            return {}
        body = self._body(address)
        try:
            note = json.loads(body.with_suffix(".json").read_text(encoding="utf-8"))
            whole = hashlib.sha256(body.read_bytes()).hexdigest() == note["sha256"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return note if whole else {}

    def _keep(self, answer: Answer, response: httpx.Response) -> None:
        conditions = {kept: response.headers.get(kept, "") for kept in CONDITIONS.values()}
        if self.kept is None or not any(conditions.values()):
            return
        body = self._body(answer.address)
        about = {"sha256": hashlib.sha256(answer.content).hexdigest(), "media_type": answer.media_type}
        write_atomically(body, answer.content)
        write_atomically(body.with_suffix(".json"), json.dumps({**about, "charset": answer.charset, **conditions}))


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed; to read them takes as long as an answer."""
    return httpx.create_ssl_context()


CONDITIONS = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}


def loopback(base_url: str) -> str:
    """The address of a server on this machine, without a closing stroke. Raises InputError for any other."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if parts.scheme not in ("http", "https") or not here or parts.username or parts.query or parts.fragment:
        raise InputError(f"--base-url {_shown(base_url)}: name a server on this machine, as http://127.0.0.1:8000")
    return base_url.rstrip("/")


def said(content: bytes) -> str:
    """The beginning of what a publisher says, in one line that is safe to print."""
    try:
        text = json.loads(content)["message"]  # as Explore Local Statistics says what is wrong
    except (ValueError, TypeError, KeyError):
        text = content[:600].decode("utf-8", "replace")
    text = " ".join(str(text).split())
    return "".join(c if c.isprintable() else "?" for c in text)[:160]


def _shown(address: str) -> str:
    """The address without who asks and without what is asked, where keys may stand."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.hostname or "", parts.path, "", ""))


def _after(header: str) -> float:
    """Retry-After in seconds: a number or a date; 0 for nothing that is understood."""
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0
