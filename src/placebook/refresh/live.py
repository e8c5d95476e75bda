"""A source's files from where its publisher offers them: a reader beside the directory."""

from __future__ import annotations

from urllib.parse import urlsplit

from placebook.catalogue.fetches import ElsFetch, FeatureFetch, NomisFetch
from placebook.catalogue.models import Refresh, Source
from placebook.errors import InputError
from placebook.refresh.els_interface import Told, els_file
from placebook.refresh.feature_server import features_file
from placebook.refresh.fetching import Fetcher
from placebook.refresh.names import Names
from placebook.refresh.nomis_interface import nomis_file
from placebook.refresh.published_file import published_file

INTERFACES = {
    "els": "ONS Explore Local Statistics",
    "nomis": "Nomis",
    "featureserver": "ONS Open Geography",
    "file": "a published file",
}


class Live:
    """The files of one source. ``told`` is what the publisher says beside the figures; ``fetched`` what was asked for."""

    def __init__(self, source: Source, fetcher: Fetcher, names: Names):
        self._fetches = {fetch.file: fetch for fetch in source.fetch}
        self._fetcher, self._names = fetcher, names
        self._read: dict[str, bytes] = {}
        self.told = Told()

    def read(self, name: str) -> bytes:
        """The bytes of the file ``name``, made of what the publisher answers. Raises InputError."""
        if name not in self._fetches:
            raise InputError(f"{name} is offered by no interface: name the directory that holds it (--from).")
        if name not in self._read:
            self._read[name] = self._fetched(name)
        return self._read[name]

    def _fetched(self, name: str) -> bytes:
        fetch = self._fetches[name]
        if isinstance(fetch, ElsFetch):
            return els_file(fetch, self._fetcher, self._names, self.told)
        if isinstance(fetch, NomisFetch):
            return nomis_file(fetch, self._fetcher, self._names)
        if isinstance(fetch, FeatureFetch):
            return features_file(fetch, self._fetcher, self._names)
        return published_file(fetch, self._fetcher, self._names)


def hosts(source: Source) -> frozenset[str]:
    """The hosts that the source names, which alone are asked for it."""
    return frozenset(urlsplit(fetch.address).hostname or "" for fetch in source.fetch)


def offered(source: Source) -> Source:
    """The source with what its publisher's interface offers of it: blocks and files that it does not are left out.

    Raises InputError, with how the files are got, where there is nothing.
    """
    held = {fetch.file for fetch in source.fetch}

    def block(written: Refresh | None) -> Refresh | None:
        files = tuple(file for file in written.files if file in held) if written else ()
        return written.model_copy(update={"files": files}) if written and files else None

    both = {"refresh": block(source.refresh), "small_areas": block(source.small_areas)}
    if not any(both.values()):
        how = source.manual or "get its files from the landing page"
        raise InputError(f"no interface offers it. {how} Then: placebook refresh --from DIR")
    return source.model_copy(update=both)


def way(source: Source) -> str:
    """How a source is refreshed, in a few words."""
    try:
        whole = offered(source)
    except InputError:
        return "by hand"
    parts = ", ".join(dict.fromkeys(INTERFACES[fetch.kind] for fetch in source.fetch))
    blocks = {"refresh": "larger areas", "small_areas": "small areas"}
    by_hand = [words for block, words in blocks.items() if getattr(source, block) and not getattr(whole, block)]
    return parts + "".join(f"; {words} by hand" for words in by_hand)
