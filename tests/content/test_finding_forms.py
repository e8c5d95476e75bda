"""The page that lists what findings can say is that of the code and the declarations."""

from placebook.catalogue.load import Catalogue
from placebook.findings import forms_page
from placebook.paths import Project


def test_the_page_of_forms_is_up_to_date_and_lists_every_headline():
    project = Project.find()
    catalogue = Catalogue.open(project)
    text = (project.root / "docs" / "findings.md").read_text(encoding="utf-8")
    assert text == forms_page.page(catalogue.indicators.values(), catalogue.relations), "run placebook schemas"
    for indicator in catalogue.indicators.values():
        assert (f"`{indicator.id}`" in text) == (indicator.says is not None)
        if indicator.says:
            assert max(len(indicator.says.more.split()), len(indicator.says.less.split())) <= 12
