"""What *Host it* promises: a file server is enough, under a subpath, and the policy that it names lets the book work."""

import functools
import http.server
import re
import threading
from pathlib import Path
from urllib.parse import unquote

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "host-it.md"
PAGES = (
    "index.html",
    "book/places/letchworth.html",
    "book/counties/hertfordshire.html",
    "book/compare.html",
    "search.html?q=rent",
)


def policy():
    """The strictest policy that the documentation names."""
    (written,) = re.findall(r"`(default-src [^`]+)`", PAGE.read_text(encoding="utf-8"))
    return " ".join(written.split())


@pytest.fixture
def served(built_book):
    """The site below /places/ of a file server that says the policy, and what was asked for and not there."""
    missing = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path):
            below = path.removeprefix("/places/")
            return super().translate_path(f"/{below}" if below != path else "/nothing-outside-the-subpath")

        def end_headers(self):
            self.send_header("Content-Security-Policy", policy())
            super().end_headers()

        def log_message(self, template, *values):
            pass

        def send_error(self, code, message=None, explain=None):
            missing.append((code, unquote(self.path)))
            super().send_error(code, message, explain)

    serve = functools.partial(Handler, directory=str(built_book.html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        server.handle_error = lambda *_: None  # a browser that hangs up early
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/places/", missing
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_the_book_works_under_a_subpath_and_the_policy_of_the_documentation(served, browser):
    address, missing = served
    refused = []
    page = browser.new_page()
    page.on("console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    for name in PAGES:
        page.goto(address + name)
        page.locator("h1").first.wait_for()
    page.goto(address)
    page.wait_for_url("**/places/book/index.html")  # the first page leads there
    page.locator('article a[href*="places/letchworth"]').first.click()
    assert page.url.startswith(f"{address}book/places/letchworth.html")
    page.close()
    assert refused == []
    assert [asked for asked in missing if asked != (404, "/favicon.ico")] == []
