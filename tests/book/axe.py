"""axe-core over pages of the built book, two pages at a time in one browser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, async_playwright

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MODES = {
    "light": (1280, {"color_scheme": "light"}),
    "dark": (1280, {"color_scheme": "dark"}),
    "phone": (390, {"color_scheme": "light"}),
    "forced": (1280, {"color_scheme": "light", "forced_colors": "active"}),
}
"""Width and media of each way to look at a page."""
# A browser under test looks nothing up for itself.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What is folded is looked at too. For the short run two rows of each table, four entries of each list, three measures of
# an evidence page and the outside of each drawing are enough: the others are of their kind.
OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"
CUT = """document.querySelectorAll('tbody').forEach(b => { while (b.rows.length > 2) b.deleteRow(2); });
  document.querySelectorAll('article ul, main ul').forEach(l => { while (l.children.length > 4) l.lastElementChild.remove(); });
  document.querySelectorAll('dl').forEach(l => { while (l.children.length > 6) l.lastElementChild.remove(); });
  const extra = (all, kept) => [...document.querySelectorAll(all)].slice(kept).forEach(e => e.remove());
  extra('.pb-measure', 3); extra('#catalogue-data-catalogue section section', 8);
  document.querySelectorAll('svg[role="img"]').forEach(s => s.replaceChildren());"""
# Without its own loading of style sheets, which a browser refuses to pages from the disk.
RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})
  .then(found => found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)}`)))"""

Job = tuple[str, str]
"""A page's address in the site, with a fragment where it shows more, and a mode."""


def violations(site: Path, browser: str, jobs: Iterable[Job], whole: bool = False) -> dict[Job, list[str]]:
    """What axe-core finds on each page in each mode: rule and element."""
    return asyncio.run(_all(site, browser, list(jobs), whole))


async def _all(site: Path, browser: str, jobs: list[Job], whole: bool) -> dict[Job, list[str]]:
    two = asyncio.Semaphore(2)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=browser or None, args=ARGUMENTS)
        found = await asyncio.gather(*(_one(started, site, job, whole, two) for job in jobs))
        await started.close()
    return dict(zip(jobs, found, strict=True))


async def _one(browser: Browser, site: Path, job: Job, whole: bool, two: asyncio.Semaphore) -> list[str]:
    name, mode = job
    width, media = MODES[mode]
    address, _, fragment = name.partition("#")
    async with two:
        # Colours that are still on their way from one to the other would be measured half-way.
        context = await browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **media)
        page = await context.new_page()
        page.set_default_timeout(300_000)
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(f"console: {message.text}") if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else wrong.append(request.url))
        await page.goto((site / address).as_uri() + (f"#{fragment}" if fragment else ""))
        if await page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append("the page scrolls sideways")
        await page.evaluate(OPEN)
        if not whole:
            await page.evaluate(f"() => {{ {CUT} }}")
        await page.evaluate(AXE_SCRIPT)
        found = await page.evaluate(RUN, TAGS)
        await context.close()
    return wrong + list(found)
