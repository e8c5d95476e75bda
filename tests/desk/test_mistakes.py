"""Mistakes that an analyst could make at the desk: each is told with where it is and what to do, and nothing is written."""

import json
import os
import shlex
from pathlib import Path

import pytest

from placebook.desk import new_place

ROUND_LETCHWORTH = [[[-0.25, 51.96], [-0.2, 51.96], [-0.2, 51.99], [-0.25, 51.99], [-0.25, 51.96]]]
PARIS = [[[2.3, 48.8], [2.4, 48.8], [2.4, 48.9], [2.3, 48.8]]]


def polygon(coordinates, **more):
    return {"type": "Polygon", "coordinates": coordinates, **more}


FILES = {
    "good.geojson": polygon(ROUND_LETCHWORTH),
    "words.geojson": "a boundary",
    "list.geojson": [1, 2],
    "none.geojson": {"type": "FeatureCollection", "features": []},
    "odd.geojson": {"type": "FeatureCollection", "features": {"a": 1}},
    "point.geojson": {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-0.2, 51.9]}},
    "null.geojson": {"type": "Feature", "properties": {}, "geometry": None},
    "empty.geojson": polygon([]),
    "bow.geojson": polygon([[[-0.25, 51.96], [-0.2, 51.99], [-0.2, 51.96], [-0.25, 51.99], [-0.25, 51.96]]]),
    "text.geojson": polygon([[["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]]),
    "grid.geojson": polygon([[[520000, 230000], [524000, 230000], [524000, 234000], [520000, 230000]]]),
    "turned.geojson": polygon([[[y, x] for x, y in ROUND_LETCHWORTH[0]]]),
    "paris.geojson": polygon(PARIS),
    "vast.geojson": polygon([[[-0.9, 51.3], [0.3, 51.3], [0.3, 51.8], [-0.9, 51.8], [-0.9, 51.3]]]),
    "speck.geojson": polygon([[[-0.22, 51.98], [-0.2199, 51.98], [-0.2199, 51.9801], [-0.22, 51.98]]]),
    "stated.geojson": polygon(ROUND_LETCHWORTH, crs={"type": "name", "properties": {"name": "EPSG:4326"}}),
    "oddly.geojson": polygon(ROUND_LETCHWORTH, crs={"type": "link", "properties": {"href": "x"}}),
    "map.png": "taken",
}
MISTAKES = [
    # ------------------------------------------------------------ add: names
    ("add Hithcin", "is called 'Hithcin'. Did you mean Hitchin?"),
    ("add Xyzzy", "is called 'Xyzzy'; look it up on the map of ONS, or name its areas with --wards"),
    ("add ''", "the place has no name; write what the book calls it"),
    ("add Stevenage", 'say which:\n    → placebook add "Stevenage" --kind district: the district (E07000243)'),
    ("add Royston", '→ placebook add "Royston (Barnsley)" --kind town: the built-up area'),
    ("add 'Newmarket (Mars)'", "is called 'Newmarket (Mars)'"),
    ("add Hitchin --kind tuwn", "--kind: there is no kind 'tuwn'; did you mean town?"),
    ("add Hitchin --kind xyz", "--kind: there is no kind 'xyz'; Use district, county, town or group"),
    ("add Hitchin --kind county", "no county is called 'Hitchin': \"Hitchin\" is the built-up area (E63004031)"),
    ("add Hitchin --in Nowhere", "--in: there is no district 'Nowhere' in England; write its name or its GSS code"),
    ("add Hitchin --in Dacorm", "--in: there is no district 'Dacorm' in England. Did you mean Dacorum?"),
    ("add Hitchin --in E07000097", "E07000097 was East Hertfordshire until"),
    ("add Hitchin --in Cardiff", "--in: there is no district 'Cardiff' in England"),
    ("add Hitchin --in Dacorum", "in Dacorum is called 'Hitchin': \"Hitchin\" is the built-up area (E63004031)"),
    ("add Hitchin --in ''", "no district is named; write a name or a code, such as E07000095"),
    ("add Dacorum --kind district --in Dacorum --in Watford", "a district is no set of districts; of several make a group"),
    ("add Hitchin --as '<b>Hitchin</b>'", "params/b-hitchin-b.yml:2: name: is not a name as people write it"),
    ("add Hitchin --as Watford", "is the name of another district, E07000103, and E07000099 is North Hertfordshire"),
    ("add Hitchin --as Letchworth", "params/letchworth.yml is there already, and is never overwritten: give the new place"),
    ("add Hitchin --as 'Letchworth Garden City'", "name: has the name of params/letchworth.yml\n    → give each place a name"),
    ("add 'St Albans' --kind district", "params/st-albans.yml is there already"),
    # ------------------------------------------------------------ add: areas
    ("add X --wards Cliftom --in Bristol", "--wards: there is no ward of 2024 'Cliftom' in Bristol. Did you mean Clifton"),
    ("add X --wards Clifton", "'Clifton' may be"),
    ("add X --wards Clifton --in Dacorum", "lies in"),
    ("add X --wards E05099999", "--wards: there is no ward of 2024 'E05099999'; write its name or its code, such as E05013044"),
    ("add X --wards ,", "no ward is named; write a name or a code, such as E05013044"),
    ("add X --msoas 'Letchworth Eest'", "--msoas: there is no MSOA of 2021 'Letchworth Eest'. Did you mean Letchworth East"),
    ("add X --msoas E02099999", "--msoas: there is no MSOA of 2021 'E02099999'"),
    ("add X --lsoas E01099999", "--lsoas: there is no LSOA of 2021 'E01099999'; write its name or its code"),
    ("add X --lsoas E02004911", "--lsoas: E02004911 is an MSOA; name it with --msoas"),
    ("add X --lsoas E01011973", "E01011973 is an LSOA of 2011, not of 2021; look it up in data/small-areas/changes.parquet"),
    ("add X --wards Clifton --msoas E02004911", "--wards and --msoas each say what the place consists of; give one of them"),
    ("add X --wards Clifton --kind district", "--wards makes a town, and --kind says district; leave out --kind, or --wards"),
    ("add X --built-up-areas Hitchin", "--built-up-areas joins two or more; of one write: placebook add"),
    ("add X --built-up-areas 'Hitchin, Royston'", "'Royston' may be 2 places"),
    ("add X --built-up-areas 'Hitchin, Bunting'", "no built-up area is called 'Bunting'"),
    ("add X --kind group", "--kind group: a group has two districts or more; name each with --in"),
    ("add X --kind group --in Dacorum --in dacorum", "a group has two districts or more"),
    ("add X --kind group --in Dacorum --in Watfrod", "there is no district 'Watfrod' in England. Did you mean Watford?"),
    # ------------------------------------------------------------ add: a boundary
    ("add X --boundary gone.geojson", "--boundary gone.geojson: cannot be read: No such file"),
    ("add X --boundary .", "is a folder"),
    ("add X --boundary words.geojson", "is not GeoJSON\n    → save the boundary as GeoJSON"),
    ("add X --boundary list.geojson", "is JSON, but not GeoJSON"),
    ("add X --boundary none.geojson", "holds no shape\n    → draw the boundary as a Polygon"),
    ("add X --boundary odd.geojson", "is a FeatureCollection without a list of features"),
    ("add X --boundary point.geojson", "its shape 1 is a Point, not a Polygon or a MultiPolygon"),
    ("add X --boundary null.geojson", "its shape 1 has no geometry"),
    ("add X --boundary empty.geojson", "its shape 1 is empty"),
    ("add X --boundary bow.geojson", "its shape 1 is no valid polygon: Self-intersection"),
    ("add X --boundary text.geojson", "its shape 1 has coordinates that are no numbers"),
    ("add X --boundary grid.geojson", "holds coordinates that are no degrees (up to 524,000), and it was read as EPSG:4326"),
    ("add X --boundary grid.geojson", "→ say what they are, of British National Grid: --crs EPSG:27700"),
    ("add X --boundary good.geojson --crs EPSG:99", "--crs: there is no coordinate system 'EPSG:99'\n    → write such as"),
    ("add X --boundary oddly.geojson", "crs: does not name a coordinate system"),
    ("add X --boundary stated.geojson --crs EPSG:27700", "says that it is in EPSG:4326, and --crs says EPSG:27700"),
    ("add X --boundary paris.geojson", "lies outside England"),
    ("add X --boundary turned.geojson", "write longitude before latitude"),
    ("add X --boundary speck.geojson", "holds no LSOA of which 50% of the area is inside; the most is"),
    ("add X --boundary vast.geojson", "a town lies in 10 districts at most; of whole districts make a group: --kind group"),
    ("add X --boundary good.geojson --share 50", "--share: 50 is no share of an area; write more than 0 and at most 1"),
    ("add X --boundary good.geojson --share half", "--share"),
    ("add X --boundary good.geojson --in Dacorum", "--in does not go with --boundary"),
    ("add X --crs EPSG:27700", "--crs and --share belong to a boundary; add --boundary FILE.geojson"),
    ("add Hitchin --share 0.4", "--crs and --share belong to a boundary"),
    # ------------------------------------------------------------ add: a map
    ("add Hitchin --map map.jpg", "--map: 'map.jpg' is no .png file; call it 'map.png'"),
    ("add Hitchin --map map.png", "--map: 'map.png' is there already, and is never overwritten; name another file"),
    ("add Hitchin --map maps/map.png", "--map: there is no folder 'maps'; make it, or name another one"),
    # ------------------------------------------------------------ remove
    ("remove hitchin --yes", "there is no place 'hitchin': params/ holds broxbourne, letchworth, st-albans"),
    ("remove ../params/letchworth --yes", "there is no place '../params/letchworth'"),
    ("remove letchworth.yml --yes", "there is no place 'letchworth.yml'"),
    ("remove letchworth", "here nobody can be asked; say it with --yes: placebook remove letchworth --yes"),
    # ------------------------------------------------------------ rename
    ("rename hitchin Hitchen", "there is no place 'hitchin': params/ holds"),
    ("rename letchworth ' '", "the new name is empty; write what the book is to call the place"),
    ("rename letchworth 'Letchworth Garden City'", "name: is 'Letchworth Garden City' already; write another one"),
    ("rename letchworth Broxbourne", "params/broxbourne.yml is there already, and is never overwritten"),
    ("rename letchworth Watford", "is the name of another district, E07000103"),
    ("rename letchworth '{{Letchworth}}'", "name: is not a name as people write it"),
    ("rename letchworth 'Saint Albans: a city'", "name: is not a name as people write it"),
]


@pytest.fixture
def desk(checkout, opened_once, monkeypatch):
    folder = checkout.root.parent
    monkeypatch.chdir(folder)
    for name, content in FILES.items():
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return checkout


def everything(folder):
    """Path to content of all that a command could have written."""
    found = {}
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "_build"]
        found |= {Path(here, name): Path(here, name).read_bytes() for name in names}
    return found


@pytest.mark.parametrize(("command", "said"), MISTAKES)
def test_a_mistake_is_told_and_nothing_is_written(desk, placebook, command, said):
    before = everything(desk.root.parent)
    done = placebook(desk, *shlex.split(command))
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert everything(desk.root.parent) == before


def test_there_are_at_least_forty_mistakes():
    assert len({command for command, _ in MISTAKES}) >= 40


TOWN = "name: Old Town\nkind: town\nparent: E07000099\n"
WRITTEN = [
    (TOWN, "names no areas", "write one of lsoas, msoas, wards, built_up_area"),
    (f"{TOWN}wards: [E05013044]\nbuilt_up_area: E63004031\n", "names wards and built_up_area", "write one of"),
    (f"{TOWN}lsoas: [E01023630]\n", "does not say how its LSOAs were chosen", "write chosen: and a sentence that says it"),
    (
        f"{TOWN}wards: [E05013044]\n",
        "no LSOA of North Hertfordshire lies in the ward E05013044",
        "placebook add NAME finds both",
    ),
    (
        f"{TOWN}msoas: [E02002491]\n",
        "no LSOA of North Hertfordshire lies in the msoa E02002491",
        "correct the code or the parent",
    ),
    (f"{TOWN}built_up_area: E63003866\n", "lies in the built-up area E63003866", "correct the code or the parent"),
    (f"{TOWN}built_up_area: Hitchin\n", "'Hitchin' is not what is expected", "the code of a built-up area of 2022"),
    (f"{TOWN}ward: [E05013044]\n", "unknown key 'ward'", "'wards'"),
    (f"{TOWN}lsoas: [E01023630, E01023630]\nchosen: So.\n", "lists E01023630 more than once", "name each LSOA once"),
    (
        f"{TOWN}lsoas: [E01023465]\nchosen: So.\n",
        "lies in East Hertfordshire, not in North Hertfordshire",
        "correct the parent",
    ),
    ("name: A\nkind: group\ndistricts: [E07000099]\n", "lists only 1", "list at least 2"),
    ("name: A\nkind: group\ndistricts: [E07000099, E07000099]\n", "lists E07000099 more than once", "name each district once"),
    ("name: A\nkind: group\ndistricts: [E07000099, E07000097]\n", "E07000097 is a superseded code", "use E07000242"),
    ("name: A\nkind: county\ncode: E07000099\n", "'E07000099' is not what is expected", "the GSS code of a county"),
    ("name: A\nkind: county\ncode: E10000099\n", "there is no county E10000099", "Did you mean"),
    ("name: A\nkind: villag\ncode: E10000015\n", "'villag' is no kind of place", "`kind: town`"),
]


@pytest.mark.parametrize(("text", "problem", "remedy"), WRITTEN)
def test_a_mistake_in_a_file_of_params_is_told_with_its_remedy(real, opened_once, tmp_path, text, problem, remedy):
    from placebook.desk.opened import opened

    draft = tmp_path / "old-town.yml"
    draft.write_text(text)
    said = "\n".join(map(str, new_place.faults_of(opened(None).catalogue, draft, "params/old-town.yml")))
    assert "params/old-town.yml" in said and problem in said and remedy in said, said
