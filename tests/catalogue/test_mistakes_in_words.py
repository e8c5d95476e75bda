"""Mistakes that an analyst could make in words and choices, each with the message that it gets: all of it, and no more."""

import pytest

from placebook.build.checked import open_checked
from placebook.errors import InputError

HEAD = "name: Broxbourne\nkind: district\ncode: E07000095\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636000000002000148afa4710000000049454e44ae426082"
)
DECLARED = "images: {market.png: {by: Us, licence: OGL}}"
TABLE = "write a header row, below it | --- | --- | with as many columns, and leave a blank line before and after the table"
OWN = "put the file into params/ and write its name alone: ![what it shows](market.png); PNG, JPEG or WebP, in small letters"
MISTAKES = {
    "a table without its row of dashes": (
        'narrative: {summary: "| a | b |\\n| 1 | 2 |"}',
        {},
        [
            ("4: narrative.summary, line 1: holds a table that cannot be read", TABLE),
            ("4: narrative.summary, line 2: holds a table that cannot be read", TABLE),
        ],
    ),
    "bold that does not close": (
        "narrative: {summary: 'It is **new.'}",
        {},
        [
            (
                "4: narrative.summary, line 1: holds signs of bold that hold no words",
                "put them at the words, without a space: **bold**",
            ),
        ],
    ),
    "an image from elsewhere": (
        "narrative: {story: '![The market](https://example.org/m.png)'}",
        {},
        [
            ("4: narrative.story, line 1: holds an image at 'https://example.org/m.png'", OWN),
        ],
    ),
    "an image without words": (
        "narrative: {story: '![](market.png)'}\nimages: {market.png: {by: Us, licence: OGL}}",
        {"market.png": PNG},
        [
            (
                "4: narrative.story, line 1: holds the image market.png without words for who cannot see it",
                "say what it shows: ![The market on a Saturday](market.png)",
            ),
        ],
    ),
    "an image in a sentence": (
        "narrative: {story: 'See ![The market](market.png) here.'}\nimages: {market.png: {by: Us, licence: OGL}}",
        {"market.png": PNG},
        [
            (
                "4: narrative.story, line 1: holds the image market.png among other words",
                "give it a paragraph of its own, outside of lists",
            ),
        ],
    ),
    "an image of nobody": (
        "narrative: {story: '![The market](market.png)'}",
        {"market.png": PNG},
        [
            (
                "4: narrative.story, line 1: holds the image market.png, and nobody says by whom and by which licence it is",
                "add `images: {market.png: {by: …, licence: …}}` to the file: who made it, by which licence it may be shown",
            ),
        ],
    ),
    "an image whose name is misspelt": (
        "narrative: {story: '![The market](markt.png)'}\nimages: {market.png: {by: Us, licence: OGL}}",
        {"market.png": PNG},
        [
            (
                "4: narrative.story, line 1: holds the image markt.png, and nobody says by whom and by which licence it is",
                "did you mean 'market.png'?",
            ),
        ],
    ),
    "an image without a licence": (
        "narrative: {story: '![The market](market.png)'}\nimages: {market.png: {by: Us}}",
        {"market.png": PNG},
        [
            ("5: images.market.png.licence: the key 'licence' is missing", "add `licence: …`"),
        ],
    ),
    "an image that is not there": (
        "images: {market.png: {by: Us, licence: OGL}}",
        {},
        [
            (
                "4: images.market.png: params/market.png cannot be read: No such file or directory",
                "put the file into params/",
            ),
        ],
    ),
    "an SVG called PNG": (
        "images: {market.png: {by: Us, licence: OGL}}",
        {"market.png": b"<svg onload='alert(1)'/>"},
        [
            (
                "4: images.market.png: params/market.png is no PNG, JPEG or WebP, whatever its name says",
                "export it again as PNG, JPEG or WebP, without its camera’s data",
            ),
        ],
    ),
    "an SVG": (
        "images: {market.svg: {by: Us, licence: OGL}}",
        {"market.svg": b"<svg/>"},
        [
            (
                "4: images.market.svg: 'market.svg' is not what is expected",
                "write the name of a file in params/, in small letters, such as `market.png`",
            ),
            (
                "params/market.svg: is not a .yml file",
                "an image that words show is a .png, .jpg or .webp, in small letters, digits, - and _: market.png",
            ),
        ],
    ),
    "a link to a page that there is not": (
        "narrative: {summary: 'Like [Letchworth](places/letchwirth).'}",
        {},
        [
            (
                "4: narrative.summary, line 1: holds a link to 'places/letchwirth', and the book has no such page",
                "did you mean 'places/letchworth'?",
            ),
        ],
    ),
    "a link to a file": (
        "narrative: {summary: 'See [it](letchworth.html).'}",
        {},
        [
            (
                "4: narrative.summary, line 1: holds a link to 'letchworth.html'",
                "links begin with https:// or mailto:, or name a page of this book: places/SLUG, counties/SLUG, methods",
            ),
        ],
    ),
    "a measure left out without a reason": (
        "leave_out: [work]",
        {},
        [
            (
                "4: leave_out: gives no reasons",
                "write each on a line of its own, with its reason: `employment-rate: why`",
            ),
        ],
    ),
    "an empty reason": (
        "leave_out:\n  work:",
        {},
        [
            ("5: leave_out.work: is empty", "write it, or remove the key"),
        ],
    ),
    "a measure left out that there is not": (
        "leave_out: {employment: We doubt it.}",
        {},
        [
            (
                "4: leave_out.employment: there is no measure and no section 'employment'",
                "the sections are people, places; a measure by its id",
            ),
        ],
    ),
    "a peer by its name": (
        "compare_with: {Luton: As near to London.}",
        {},
        [
            (
                "4: compare_with.Luton: there is no comparator and no English district 'Luton'",
                "Did you mean E06000032 (Luton)?",
            ),
        ],
    ),
    "a comparator misspelt": (
        "compare_with: {contry: It is national.}",
        {},
        [
            (
                "4: compare_with.contry: there is no comparator and no English district 'contry'",
                "did you mean 'country' or 'county'?",
            ),
        ],
    ),
    "comparators twice": (
        "compare_with: {county: Near.}\ncomparators: [county]",
        {},
        [
            (
                "5: comparators: stands beside compare_with, which says the same with reasons",
                "remove the line",
            ),
        ],
    ),
    "a finding by its measure": (
        "explain: {work: It closed.}",
        {},
        [
            (
                "4: explain.work: 'work' is not what is expected",
                "write a finding as the ledger names it, such as `finding--change--gdp-per-head`",
            ),
        ],
    ),
    "a quote misspelt": (
        "narrative: {summary: 'Of all {{ worc }} work.'}",
        {},
        [
            (
                "4: narrative.summary, line 1: {{ worc }}: there is no indicator 'worc'",
                "did you mean 'work'?",
            ),
        ],
    ),
    "a part that there is not": (
        "narrative: {summary: 'In Wales {{ work.wales }}.'}",
        {},
        [
            (
                "4: narrative.summary, line 1: {{ work.wales }}: a measure has no part 'wales'",
                "there are change, county, england, period, rank, region",
            ),
        ],
    ),
    "a quote not closed": (
        "narrative: {summary: 'Of all {{ work } work.'}",
        {},
        [
            (
                "4: narrative.summary, line 1: holds a quote of a figure where none can stand",
                "write it in the sentence itself, not in code or in a link",
            ),
            (
                "4: narrative.summary, line 1: holds a substitution that quotes no figure",
                "write {{ measure }} or {{ measure.part }}, such as {{ employment-rate.england }}",
            ),
        ],
    ),
}


@pytest.mark.parametrize(("written", "files", "said"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_told_with_its_line_and_its_remedy(tiny_project, written, files, said):
    for name, data in files.items():
        (tiny_project.params / name).write_bytes(data)
    tiny_project.write("params/broxbourne.yml", f"{HEAD}{written}\n")
    with pytest.raises(InputError) as raised:
        open_checked(tiny_project)
    told = str(raised.value).replace("params/broxbourne.yml:", "")
    assert told.splitlines() == [line for where, remedy in said for line in (where, f"    → {remedy}")]


def test_words_without_a_mistake_pass(tiny_project):
    (tiny_project.params / "market.png").write_bytes(PNG)
    story = (
        "narrative:\n  story: |\n    Of all {{ work }} **work**; [see](places/letchworth).\n\n    ![The market](market.png)\n"
    )
    choices = "leave_out: {flats: Told elsewhere.}\ncompare_with: {country: The strategy is national.}\n"
    tiny_project.write("params/broxbourne.yml", f"{HEAD}{story}{DECLARED}\n{choices}")
    catalogue, _ = open_checked(tiny_project)
    assert catalogue.places["broxbourne"].leave_out == {"flats": "Told elsewhere."}
