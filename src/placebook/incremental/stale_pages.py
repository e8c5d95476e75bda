"""Whether a place's page still stands where tables have changed: only another reading makes another page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from placebook.catalogue.load import Catalogue
from placebook.evidence import query_log
from placebook.evidence.query_log import Question, Read, Trace
from placebook.evidence.store import Store
from placebook.paths import Project, files, write_changed

UNREADABLE = "its trace is gone or cannot be read"
NAMED = 3
"""As many measures are named as the reason."""


class StalePages:
    """Asks again what pages asked of tables that have changed since. Each question is answered once for all places."""

    def __init__(self, project: Project, catalogue: Catalogue, store: Store):
        self.project = project
        self.catalogue = catalogue
        self.store = store
        self.renewed: set[str] = set()
        """Places whose page stood and was brought up to date."""
        self._answers: dict[Question, str] = {}

    def why(self, slug: str) -> str:
        """Why a place's page must be made again although nothing but tables changed, in words; "" where it stands.

        A page that stands is brought up to date: its trace, and the checksums of tables on its evidence pages.
        """
        path = self.project.traces / f"{slug}.json"
        tables = query_log.recall_tables(path)
        if tables is None:
            return UNREADABLE
        try:
            now = {source: self.store.hashes(source) for source in tables}
        except KeyError as error:
            return f"there is no source {error} any more"
        changed = {source for source in tables if now[source] != tables[source]}
        if not changed:
            return ""
        kept = query_log.recall(path)
        if kept is None:
            return UNREADABLE
        doubtful = [
            name
            for name, read in kept.readings.items()
            if any(q.source in changed and self._answer(q) != answer for q, answer in read.asked)
        ]
        known, readings = self.catalogue.indicators, dict(kept.readings)
        # What is told first costs as much as all else: it is asked only where the measures stand.
        for names in ([name for name in doubtful if name in known], [name for name in doubtful if name not in known]):
            fresh = self._read(slug, names)
            moved = [name for name in names if fresh[name].gist != kept.readings[name].gist]
            if moved:
                titles = [known[name].title if name in known else name for name in moved]
                more = f" and {len(moved) - NAMED} more" if len(moved) > NAMED else ""
                return f"changed: {', '.join(titles[:NAMED])}{more}"
            readings |= fresh
        self._renew(slug, kept, now)
        query_log.write(path, replace(kept, tables=now, readings=readings))
        self.renewed.add(slug)
        return ""

    def _read(self, slug: str, indicators: Sequence[str]) -> dict[str, Read]:
        if not indicators:
            return {}
        # Only here: what makes readings and claims is heavy, and mostly no table has changed.
        from placebook.evidence.readings import Evidence
        from placebook.report import reading_trace

        evidence = Evidence(self.catalogue, self.store, slug)
        return {name: reading_trace.read(evidence, name) for name in indicators}

    def _answer(self, question: Question) -> str:
        if question not in self._answers:
            self._answers[question] = self.store.answer(question)
        return self._answers[question]

    def _renew(self, slug: str, kept: Trace, now: Mapping[str, Mapping[str, str]]) -> None:
        """Write today's checksums where an evidence page names those of tables that have changed."""
        moved = {
            was: now[source][path]
            for source, tables in kept.tables.items()
            for path, was in tables.items()
            if now[source].get(path, was) != was
        }
        for page in files(self.project.evidence / slug):
            text = page.read_text(encoding="utf-8")
            for was, digest in moved.items():
                text = text.replace(was, digest)
            write_changed(page, text)
