"""Everything written and held, checked before anything is built of it."""

from __future__ import annotations

from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.errors import Fault, InputError
from placebook.evidence.observations import Store
from placebook.paths import Project
from placebook.report import narrative


def open_checked(project: Project) -> tuple[Catalogue, Store]:
    """Everything written, and the store; raises InputError with all faults of all files at once."""
    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    store.check_all()
    faults = [*check(catalogue, store), *narrative_faults(project, catalogue), *county_faults(catalogue)]
    if faults:
        raise InputError(sorted(faults))
    return catalogue, store


def narrative_faults(project: Project, catalogue: Catalogue) -> list[Fault]:
    """What analysts' words hold that they must not, with the line counted inside the field."""
    stories = [
        Fault(f"data/counties/{slug}.yml", 0, f"story, line {line}", f"holds {what}", remedy)
        for slug, county in catalogue.counties.items()
        if county.story
        for line, what, remedy in dict.fromkeys(narrative.problems(county.story))
    ]
    return stories + [
        Fault(f"params/{slug}.yml", 0, f"{field}, line {line}", f"holds {what}", remedy)
        for slug, place in catalogue.places.items()
        for field, text in narrative.written(place.narrative)
        # One line may be refused for the same reason twice: an opening and a closing tag.
        for line, what, remedy in dict.fromkeys(narrative.problems(text))
    ]


def county_faults(catalogue: Catalogue) -> list[Fault]:
    """Measures and themes that a county's file names and that the book does not hold; a name taken twice."""
    faults = []
    for slug, record in catalogue.counties.items():
        if slug in catalogue.places:  # addresses and logs are named by it
            faults.append(catalogue.fault("county", slug, (), f"has the name of the place params/{slug}.yml",
                          f"call it {slug}-county.yml"))  # fmt: skip
        for at, target in enumerate(record.plan_targets):
            if target.measured_by and target.measured_by not in catalogue.indicators:
                faults.append(catalogue.fault("county", slug, ("plan_targets", at, "measured_by"),
                              f"there is no indicator {target.measured_by!r}", "use the id of an indicator"))  # fmt: skip
        for at, document in enumerate(record.documents):
            for number, theme in enumerate(document.cited_in):
                if theme not in catalogue.themes:
                    known = ", ".join(catalogue.themes)
                    faults.append(catalogue.fault("county", slug, ("documents", at, "cited_in", number),
                                  f"there is no theme {theme!r}", f"use one of {known}"))  # fmt: skip
    return faults
