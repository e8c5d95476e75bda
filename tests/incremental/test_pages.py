"""What is published of pages is theirs: whatever else lies there goes."""

from placebook.catalogue.load import Catalogue
from placebook.evidence.store import Store
from placebook.execute.outcome import COUNTY, PLACE, Page, executed_files
from placebook.incremental.pages import Pages


def test_what_was_made_of_pages_that_are_gone_goes_and_what_nobody_made(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    pages = Pages(tiny_project, catalogue, Store.open(tiny_project, catalogue.sources), lambda: True)
    gone = [Page(PLACE, "ware"), Page(COUNTY, "kent")]
    stays = [*pages.places, *pages.counties]
    assert [page.slug for page in stays] == ["broxbourne", "letchworth", "hertfordshire"]
    for page in (*gone, *stays):
        for path in (*executed_files(tiny_project, page), tiny_project.page(page.kind, page.slug)):
            if path.suffix:
                tiny_project.write(str(path), "{}")
            else:
                tiny_project.write(f"{path}/made.csv", "a")
    strays = [
        tiny_project.write(name, "a")
        for name in (
            "_build/downloads/more.csv",
            "book/places/more.md",
            "_build/evidence/ware.html",
            "_build/ledgers/kent.json",
        )
    ]
    pages.drop_others()
    for page in gone:
        assert not any(path.exists() for path in (*executed_files(tiny_project, page), tiny_project.page(page.kind, page.slug)))
    for page in stays:
        assert all(path.exists() for path in (*executed_files(tiny_project, page), tiny_project.page(page.kind, page.slug)))
    assert not any(path.exists() for path in strays)
