"""A server on this machine that stands in for publishers, and answers as the test has drawn it."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from placebook.refresh.fetching import Fetcher, Limits


@dataclass
class Said:
    """One answer as it goes over the wire."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    """So many bytes are sent of those that the head promises."""
    drip: float = 0.0
    """Seconds between two bytes."""

    @property
    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


def packed(body: bytes | str, **more: object) -> Said:
    content = body.encode() if isinstance(body, str) else body
    return Said(gzip.compress(content), headers={"Content-Encoding": "gzip", "Content-Type": "text/csv"}, **more)  # type: ignore[arg-type]


@dataclass
class Asked:
    """One request: the publisher's host, the path there, its parameters (each once) and headers in lower case."""

    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Publishers:
    """The server's address and everything that it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    def fetcher(self, *hosts: str, **more: object) -> Fetcher:
        """Who asks this server as ``hosts``, without waiting between requests."""
        settings: dict[str, object] = {"base_url": self.url, "pace": 0.0, "sleep": lambda _: None, "limits": Limits(tries=2)}
        return Fetcher(set(hosts), **(settings | more))  # type: ignore[arg-type]


@contextmanager
def serving(answer: Callable[[Asked], Said]) -> Iterator[Publishers]:
    """A server that answers every GET with ``answer`` of it, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            _, host, *path = parts.path.split("/")
            query = {name: ",".join(values) for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            asked = Asked(host, "/" + "/".join(path), query, {name.lower(): value for name, value in self.headers.items()})
            publishers.asked.append(asked)
            said = answer(asked)
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(said.content)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for piece in [said.content[: said.cut]] if not said.drip else (bytes([byte]) for byte in said.content):
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(said.drip)
            except OSError:
                pass  # who asked has gone
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    publishers = Publishers(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield publishers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def els(unit: str = "%", updated: str = "2026-01-20", **tables: str) -> Callable[[Asked], Said]:
    """Explore Local Statistics with these tables by slug (``_`` for ``-``): CSV without a content type, errors as JSON where
    the request's Accept prefers it."""
    held = {slug.replace("_", "-"): table for slug, table in tables.items()}

    def refused(asked: Asked, status: int, message: str) -> Said:
        if asked.headers.get("accept") in ("*/*", "application/json"):
            return Said(json.dumps({"message": message}), status, {"Content-Type": "application/json"})
        return Said("<!doctype html><title>Error</title>", status, {"Content-Type": "text/html"})

    def answer(asked: Asked) -> Said:
        *_, kind, last = asked.path.split("/")
        if kind == "indicators":
            if last not in held:
                return refused(asked, 404, f'Indicator "{last}" not found.')
            about = {"slug": last, "label": last, "unit": unit, "updated": updated}
            return Said(json.dumps(about), headers={"Content-Type": "application/json"})
        if last != "data.csv" or set(asked.query) - {"indicator", "geo", "time", "measure", "includeStatus"}:
            return refused(asked, 400, "Request contained invalid or duplicate parameters.")
        if asked.query["indicator"] not in held:
            return refused(asked, 400, "No data available for the selected filters.")
        return Said(held[asked.query["indicator"]].rstrip("\n"))

    return answer


NOMIS = "GEOGRAPHY_CODE,GEOGRAPHY_NAME,DATE_NAME,MEASURES,OBS_VALUE,OBS_STATUS,OBS_CONF,RECORD_OFFSET,RECORD_COUNT"


def nomis(rows: list[tuple[str, str, str, str]], page: int) -> Callable[[Asked], Said]:
    """Nomis with rows of code, name, date and value, ``page`` of them at once."""

    def answer(asked: Asked) -> Said:
        first = int(asked.query["recordoffset"])
        written = [
            f'"{code}","{name}",{when},20100,{value},"A","F",{at},{len(rows)}'
            for at, (code, name, when, value) in enumerate(rows)
            if first <= at < first + page
        ]
        return Said("\n".join([NOMIS, *written, ""]), headers={"Content-Type": "text/csv; charset=utf-8"})

    return answer


def feature_server(features: list[dict[str, object]], page: int) -> Callable[[Asked], Said]:
    """A layer with these properties, each a square kilometre of the sea, ``page`` of them at once."""

    def answer(asked: Asked) -> Said:
        if asked.query.get("returnCountOnly") == "true":
            return Said(json.dumps({"count": len(features)}))
        first = int(asked.query["resultOffset"])
        square = {"type": "Polygon", "coordinates": [[[1, 53], [1, 53.01], [1.01, 53.01], [1, 53]]]}
        given = [
            {"type": "Feature", "properties": one, "geometry": square if asked.query["returnGeometry"] == "true" else None}
            for one in features[first : first + page]
        ]
        more = first + page < len(features)
        return Said(json.dumps({"type": "FeatureCollection", "exceededTransferLimit": more, "features": given}))

    return answer
