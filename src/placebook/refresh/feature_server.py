"""ONS Open Geography: features of a layer, page by page; its errors come as HTTP 200."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from placebook.catalogue.fetches import FeatureFetch
from placebook.refresh.fetching import Fetcher, FetchError
from placebook.refresh.layouts import as_file
from placebook.refresh.names import Names

WGS84 = 4326


def features_file(fetch: FeatureFetch, fetcher: Fetcher, names: Names) -> bytes:
    """All features as GeoJSON in longitude and latitude, or their fields as a table; as many as the service counts.

    Raises FetchError where a page is missing, or the same feature comes twice.
    """
    code, *others = fetch.fields
    count = _asked(fetch, fetcher, {"returnCountOnly": "true", "f": "json"}).get("count")
    if not isinstance(count, int) or count < 1:
        raise FetchError(f"{fetch.address}: counts {count!r} features where {fetch.where}. Correct the source's fetch.")
    features: list[dict[str, Any]] = []
    while len(features) < count:
        asked = {
            "outFields": ",".join(fetch.fields),
            "returnGeometry": str(fetch.outlines).lower(),
            "outSR": WGS84,
            "geometryPrecision": 6,
            "orderByFields": code,
            "resultOffset": len(features),
            "f": "geojson",
        }
        page = _asked(fetch, fetcher, asked).get("features")
        if not isinstance(page, list) or not page:
            raise FetchError(f"{fetch.address}: gives {len(features):,} of {count:,} features and no more. Ask later.")
        features += page
    try:
        written = [{new: str(one["properties"][field]) for field, new in fetch.fields.items()} for one in features]
        shapes = [one["geometry"] for one in features]
    except (KeyError, TypeError):
        raise FetchError(
            f"{fetch.address}: has features without {', '.join(fetch.fields)}. Correct the source's fetch."
        ) from None
    codes = [one[fetch.fields[code]] for one in written]
    if len(codes) != count or len(set(codes)) < count:
        raise FetchError(f"{fetch.address}: gives {len(codes):,} features of {len(set(codes)):,} codes, and counts {count:,}.")
    if others:
        names.check(fetch.address, ((one[fetch.fields[code]], one[fetch.fields[others[0]]]) for one in written))
    if not fetch.outlines:
        return as_file(fetch.file, tuple(fetch.fields.values()), [tuple(one.values()) for one in written])
    collected = [
        {"type": "Feature", "properties": properties, "geometry": shape}
        for properties, shape in zip(written, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": collected}).encode("utf-8")


def _asked(fetch: FeatureFetch, fetcher: Fetcher, more: dict[str, Any]) -> dict[str, Any]:
    """What the layer answers. Raises FetchError for an error, and for what is no JSON."""
    answer = fetcher.get(f"{fetch.address}/query?{urlencode({'where': fetch.where, **more})}", "application/json")
    try:
        found = json.loads(answer.text())
    except ValueError:
        raise FetchError(f"{fetch.address}: does not answer with JSON. Ask later.") from None
    if not isinstance(found, dict) or "error" in found:
        told = found.get("error") if isinstance(found, dict) else found
        raise FetchError(f"{fetch.address}: answers with an error: {str(told)[:160]!r}. Correct the source's fetch.")
    return found
