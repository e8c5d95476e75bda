"""Ledgers of two places, small enough to read."""

import json

YEAR = "2023-01-01/P1Y"
NAMES = {"broxbourne": "Broxbourne", "letchworth": "Letchworth"}
DISTRICTS = {"broxbourne": "E07000095", "letchworth": "E07000099"}


def value(place, indicator, number, period=YEAR, badge="direct", **more):
    area = more.pop("area", DISTRICTS.get(place, place))
    entry = {
        "kind": "value",
        "id": f"{indicator}--place--{area.lower()}--{period[:4]}",
        "indicator": indicator,
        "category": "",
        "area": area,
        "area_name": more.pop("name", NAMES.get(place, place)),
        "level": "district",
        "role": "place",
        "badge": badge,
        "period": period,
        "value": number,
        "lower": None,
        "upper": None,
        "unit": "percent",
        "markers": [],
        "at": f"people.html#e-{indicator}-{period[:4]}",
    }
    return entry | more


def band(indicator, low=70.0, middle=75.0, high=80.0, period=YEAR):
    return {
        "kind": "band",
        "id": f"{indicator}--english-districts--{period[:4]}",
        "indicator": indicator,
        "period": period,
        "lower_quartile": low,
        "median": middle,
        "upper_quartile": high,
    }


def claim(kind, verdict, indicator="work", sentence="A sentence."):
    return {
        "kind": "claim",
        "id": f"claim--{indicator}--{kind}",
        "claim": kind,
        "indicator": indicator,
        "verdict": verdict,
        "sentence": sentence,
        "at": f"people.html#e-{kind}",
    }


def write_ledger(project, slug, entries, peers=None, kind="district"):
    page = {} if peers is None else {"peers": peers}
    place = {"slug": slug, "name": NAMES[slug], "kind": kind, "district": DISTRICTS[slug]}
    whole = {"place": place, "page": page, "entries": entries}
    project.write(f"_build/ledgers/{slug}.json", json.dumps(whole))
