"""How it is said: each sentence against a reading drawn small."""

from datetime import date

from placebook.catalogue.load import Catalogue
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import captions, sentences, wording
from placebook.findings.all_claims import all_claims


def read(project, slug, indicator):
    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    return Evidence(catalogue, store, slug).read(indicator)


def said(reading):
    return [found.text for found in sentences.say(all_claims(reading))]


def test_a_direct_figure(tiny_project):
    """The region has no limits and its share of Broxbourne is not known, so only England is tested."""
    first, *_ = said(read(tiny_project, "broxbourne", "work"))
    assert first == (
        "In 2023 the employment rate in Broxbourne was 76.1% (95% interval 64.9% to 87.3%), against 77.0% in "
        "the East of England (a gap of 0.9 percentage points), on the published figures. There is no "
        "clear difference from England (76.0%)."
    )


def test_a_wider_figure_names_its_area_and_what_is_withheld(tiny_project):
    reading = read(tiny_project, "letchworth", "work")
    assert said(reading)[0] == (
        "In 2022 the employment rate in North Hertfordshire (district) was 75.0% (95% interval 70.0% to "
        "80.0%). No figure for 2023 is shown (unreliable: too uncertain to publish or to rely on)."
    )
    assert wording.badge(reading) == ("wider: published for North Hertfordshire (district, E07000099), not for Letchworth")
    assert wording.age(reading, date(2025, 6, 30)) == "2 years"


def test_a_best_fit_says_how_many_areas(tiny_project):
    reading = read(tiny_project, "letchworth", "flats")
    assert wording.badge(reading) == "best fit: 2 LSOAs of Letchworth added up"
    assert said(reading)[0] == (
        "On 21 March 2021 the share of flats in Letchworth was 25.0%, 24.0 percentage points higher than in the rest of "
        "North Hertfordshire (1.0%) and 16.0 higher than in Hertfordshire (9.0%)."
    )


def test_a_caption_says_source_and_the_area_that_is_not_the_places_own(tiny_project):
    reading = read(tiny_project, "letchworth", "work")
    text = captions.caption(4, [reading])
    assert text == (
        "Figure 4. Geography: wider: published for North "
        "Hertfordshire (district, E07000099), not for Letchworth. Source: Nobody, Made-up jobs."
    )


def test_a_figure_of_several_areas_names_each(tiny_project):
    readings = [read(tiny_project, "letchworth", name) for name in ("work", "flats")]
    assert "(Employment rate)" in wording.badges(readings) and "(Flats)" in wording.badges(readings)


def test_several_periods_are_said_as_years(tiny_project):
    readings = [read(tiny_project, "letchworth", name) for name in ("work", "flats")]
    assert wording.periods(readings) == "2021 to 2022, as said with each measure"
