"""Every page of a book: the files that it is, whether it stands, and why it is made again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from placebook.catalogue.load import Catalogue
from placebook.evidence.store import Store
from placebook.execute import bake
from placebook.execute.outcome import COUNTY, PLACE, Page, executed_files
from placebook.incremental.fingerprints import Inputs
from placebook.incremental.records import Records
from placebook.incremental.stale_pages import StalePages
from placebook.markup import Html
from placebook.paths import Project
from placebook.report import changes_page, words
from placebook.report.filled_quotes import Quotes
from placebook.report.images import Images
from placebook.report.pinned import Pinned
from placebook.report.reviewed import HeldBack, changed

COMPILED = (("html", ".html"), (".doctrees", ".doctree"))
"""Where the compiler keeps a page."""


class Pages:
    """The pages of places and of counties. ``unchanged`` says whether no input has changed since the build began."""

    def __init__(self, project: Project, catalogue: Catalogue, store: Store, unchanged: Callable[[], bool]):
        self.project = project
        self.catalogue = catalogue
        self.records = Records(project)
        self._unchanged = unchanged
        self._stale = StalePages(project, catalogue, store)
        counties = {slug: county.model_dump_json(exclude=words.COUNTY_FIELDS) for slug, county in catalogue.counties.items()}
        self._inputs = Inputs(project, json.dumps(counties, sort_keys=True))

    @cached_property
    def places(self) -> list[Page]:
        return [Page(PLACE, slug) for slug in sorted(self.catalogue.places)]

    @cached_property
    def counties(self) -> list[Page]:
        """Counties that have a place in the book."""
        return [Page(COUNTY, slug) for slug in sorted(self.catalogue.counties) if self.catalogue.members(slug)]

    def name(self, page: Page) -> str:
        return (self.catalogue.places if page.kind == PLACE else self.catalogue.counties)[page.slug].name

    # ------------------------------------------------------------ execution

    def why_execute(self, page: Page) -> str:
        """Why a page must be executed, in words; "" where its last execution stands (and is brought up to date)."""
        why = self.records.why(_execution(page), self._execution_inputs(page))
        if not why and page.kind == PLACE and not (why := self._stale.why(page.slug)) and page.slug in self._stale.renewed:
            self.keep_execution(page)
        return why

    def whole(self, page: Page) -> bool:
        """Whether a page and what was executed for it are as they were made, whatever became of their inputs."""
        return self.records.whole(_execution(page)) and self.records.whole(_page(page))

    def forget(self, page: Page) -> None:
        """Before a page is executed."""
        self.records.forget(_execution(page))

    def keep_execution(self, page: Page) -> None:
        """After a page was executed well, from what it has read itself: where a file has changed nobody knows which it was."""
        if self._unchanged():
            self.records.keep(_execution(page), self._execution_inputs(page), executed_files(self.project, page))

    def _execution_inputs(self, page: Page) -> dict[str, str]:
        if page.kind == PLACE:
            params = self.catalogue.places[page.slug].model_dump_json(exclude=words.PLACE_FIELDS)
            rejected = HeldBack.of(self.catalogue.reviews.get(page.slug)).rejected
            return self._inputs.place(f"{params}{sorted(rejected.items()) or ''}")
        return self._inputs.county({slug: self.catalogue.places[slug].name for slug in self.catalogue.members(page.slug)})

    # ------------------------------------------------------------ words

    @cached_property
    def _kept(self) -> str:
        return changes_page.last(self.project)

    def bake(self, page: Page) -> str:
        """Make a page of its executed notebook and the analysts' words; gives why, "" where it stands as it is.

        What changed since an edition was kept is put in too, and worked out only where the page is made. Raises BuildError
        where the template shows what cannot stand on a page, or words quote what the page does not show.
        """
        analysts, kept = self._words(page), self._kept if page.kind == PLACE else ""
        since = changes_page.files(self.project, kept, page.slug) if kept else ()
        inputs = self._inputs.page(self.project.executed(page.kind, page.slug), analysts, since)
        why = self.records.why(_page(page), inputs)
        if why:
            self.records.forget(_page(page))
            if kept:
                told = changes_page.of_place(self.project, self.catalogue.indicators, kept, page.slug)
                analysts[words.CHANGED] = told
            bake.write_page(self.project, page, analysts)
            self.records.keep(_page(page), inputs, [self.project.page(page.kind, page.slug)])
        return why

    def _words(self, page: Page) -> dict[str, Html]:
        moved = Pinned(self.project, self.catalogue).moved(page.kind, page.slug)
        if page.kind == PLACE:
            place, fill = self.catalogue.places[page.slug], Quotes(self.project, page.slug).html
            record = self.catalogue.reviews.get(page.slug)
            since = (record, changed(record, self.project, self.catalogue, page.slug)) if record else None
            return words.place_words(place, fill, page.slug, moved, Images(self.project, place.images).html, since)
        county, fill = self.catalogue.counties[page.slug], Quotes(self.project).html
        return words.county_words(county, fill, page.slug, moved, Images(self.project, county.images).html)

    def stand_in(self, page: Page, problem: str) -> None:
        """A page that says so in place of one that failed; what an earlier build made of it goes, as it would pass for new."""
        for path in executed_files(self.project, page):
            delete(path)
        bake.write_placeholder(self.project, page, self.name(page), problem)

    # ------------------------------------------------------------ all pages

    def drop_others(self, *names: str) -> None:
        """Delete what was made of pages that the book has no more, what nobody made, and records but theirs and those named."""
        pages = [*self.places, *self.counties]
        paths = {
            path for page in pages for path in (*executed_files(self.project, page), self.project.page(page.kind, page.slug))
        }
        folders = {path.parent for kind in (PLACE, COUNTY) for path in executed_files(self.project, Page(kind, "-"))}
        for folder in (*folders, self.project.place_pages, self.project.county_pages):
            for path in folder.glob("[!.]*"):
                if path not in paths and path not in folders:  # whatever lies there is published
                    delete(path)
        self.records.drop_others([*names, *(name(page) for page in pages for name in (_execution, _page))])

    def seal_again(self) -> None:
        """After the files of all places got second names in the site."""
        for page in self.places:
            self.records.seal_again(_execution(page))


def made_files(project: Project, page: Page) -> list[Path]:
    """Every file and folder that is there for one page alone, wherever a build puts it, its place in the site among them."""
    compiled, site = project.build / "work" / "html" / "_build", project.html
    address = project.page(page.kind, page.slug).relative_to(project.root).with_suffix("")
    own = [
        *executed_files(project, page),
        project.page(page.kind, page.slug),
        project.logs / f"{page.slug}.log",
        *(project.cache / "forms" / f"{page.slug}{ending}" for ending in ("", "-summary", "-word", "-preview")),
        *(compiled / folder / address.with_suffix(ending) for folder, ending in COMPILED),
        site / address,
        site / address.with_suffix(".html"),
        site / "downloads" / page.slug,
        *(site / "downloads" / f"{page.slug}{ending}" for ending in (".pdf", "-summary.pdf", "-summary.docx", "-preview.png")),
    ]
    return [*own, *sorted(Records(project).paths([_execution(page), _page(page)]))]


def _execution(page: Page) -> str:
    return f"executed/{page.kind}/{page.slug}"


def _page(page: Page) -> str:
    return f"pages/{page.kind}/{page.slug}"


def delete(path: Path) -> None:
    """A file, a link or a folder with all that is in it; nothing where there is none."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
