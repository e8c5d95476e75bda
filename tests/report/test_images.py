"""Images and links within the book, in analysts' words: shown where they can be, and else refused."""

import json
import re
import struct
import zlib
from base64 import b64decode

import pytest

from placebook.catalogue import image_files
from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import narrative_faults, problems
from placebook.errors import BuildError
from placebook.report import narrative, words
from placebook.report.images import Images
from placebook.site.guard import problems as guarded

HEAD = "name: Broxbourne\nkind: district\ncode: E07000095\n"
RECORD = {"by": "J. Doe, 2024", "licence": "Open Government Licence v3.0."}
SHOWN = '![The "market" & all\non \\*Saturday](market.png)'


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width=3, height=2, more=b""):
    rows = zlib.compress(b"".join(b"\0" + b"\x12\x43\x6d" * width for _ in range(min(height, 4))))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + more + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width=640, height=480, camera=False):
    first = b"\xff\xe1\x00\x08Exif\0\0" if camera else b"\xff\xe0\x00\x04\0\0"
    return b"\xff\xd8" + first + b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\0\xff\xd9"


def webp(kind=b"VP8X", body=b""):
    content = b"WEBP" + kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(content)) + content


def extended(flags=0, width=30, height=20):
    return bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def put(project, data, name="market.png"):
    (project.params / name).write_bytes(data)
    return project.params / name


# ------------------------------------------------------------ files


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (png(3, 2), "png", (3, 2)),
        (jpeg(640, 480), "jpeg", (640, 480)),
        (webp(b"VP8X", extended()), "webp", (30, 20)),
        (webp(b"VP8L", b"\x2f" + ((30 - 1) | (20 - 1) << 14).to_bytes(4, "little") + b"\0" * 5), "webp", (30, 20)),
        (webp(b"VP8 ", b"\x30\x01\0\x9d\x01\x2a" + struct.pack("<HH", 30, 20)), "webp", (30, 20)),
    ],
)
def test_an_image_is_known_by_its_bytes(tiny_project, data, kind, size):
    image = image_files.read(put(tiny_project, data, "a.jpg"))
    assert (image.kind, (image.width, image.height), image.data) == (kind, size, data)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "is no PNG, JPEG or WebP, whatever its name says"),
        (b"GIF89a" + b"\0" * 20, "is no PNG, JPEG or WebP, whatever its name says"),
        (b"", "is no PNG, JPEG or WebP, whatever its name says"),
        (png()[:-20], "is not whole"),
        (jpeg()[:9], "is not whole"),
        (webp(b"VP8X", b"\0"), "is not whole"),
        (png(4_001, 2), "is 4,001 by 2 pixels"),
        (png(0, 2), "is 0 by 2 pixels"),
        (png(more=chunk(b"acTL", b"\0" * 8)), "moves"),
        (webp(b"VP8X", extended(flags=0x02)), "moves"),
        (png(more=chunk(b"eXIf", b"\0" * 8)), "holds its camera’s data (Exif), which may say where it was taken"),
        (jpeg(camera=True), "holds its camera’s data (Exif), which may say where it was taken"),
        (webp(b"VP8X", extended(flags=0x08)), "holds its camera’s data (Exif), which may say where it was taken"),
        (png() + b"\0" * 400_000, "is larger than 400,000 bytes"),
    ],
)
def test_what_is_no_plain_still_small_image_is_refused(tiny_project, data, problem):
    with pytest.raises(ValueError) as raised:
        image_files.read(put(tiny_project, data))
    said, _, remedy = str(raised.value).partition("; ")
    assert said == problem and remedy


def test_every_cut_of_an_image_is_read_or_refused_and_none_falls(tiny_project):
    whole = [png(), jpeg(), webp(b"VP8X", extended())]
    for data in whole:
        for end in range(len(data)):
            try:
                image_files.read(put(tiny_project, data[:end]))
            except ValueError as error:
                assert "; " in str(error)


def test_a_link_to_a_file_elsewhere_is_no_image(tiny_project):
    (tiny_project.root / "secret.png").write_bytes(png())
    (tiny_project.params / "market.png").symlink_to(tiny_project.root / "secret.png")
    with pytest.raises(ValueError, match="is a link"):
        image_files.read(tiny_project.params / "market.png")


# ------------------------------------------------------------ on the page


def test_an_image_stands_in_the_page_with_its_words_and_whose_it_is(tiny_project):
    data = png(3, 2)
    put(tiny_project, data)
    fields = {"narrative": {"story": f"Before.\n\n{SHOWN}\n\nAfter."}, "images": {"market.png": RECORD}}
    tiny_project.write("params/broxbourne.yml", HEAD + "".join(f"{k}: {json.dumps(v)}\n" for k, v in fields.items()))
    catalogue = Catalogue.open(tiny_project)
    assert list(narrative_faults(catalogue)) == []
    place = catalogue.places["broxbourne"]
    made = words.place_words(place, slug="broxbourne", show=Images(tiny_project, place.images).html)["story"]
    source = re.search(r'src="data:image/png;base64,([^"]+)"', made)[1]
    assert b64decode(source) == data
    assert 'alt="The &quot;market&quot; &amp; all on &#42;Saturday" width="3" height="2"/>' in made
    assert '<p>Before.</p>\n<div class="pb-image">' in made and made.endswith("</div>\n<p>After.</p></div>")
    assert '<p class="pb-small">J. Doe, 2024. Open Government Licence v3.0.</p>' in made
    assert list(guarded(made)) == []


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://a.org/x.png" alt=""/>',
        '<img src="data:image/svg+xml;base64,AAAA" alt=""/>',
        '<img src="data:text/html;base64,AAAA" alt=""/>',
        '<img src="data:image/png;base64,AAAA" alt="" onerror="x"/>',
    ],
)
def test_the_second_lock_lets_no_other_image_through(html):
    assert list(guarded(html)) != []


def test_an_image_that_went_since_the_check_stops_the_page_with_its_name(tiny_project):
    with pytest.raises(BuildError, match=r"params/market.png cannot be shown \(cannot be read"):
        Images(tiny_project, {}).html("market.png", "x")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("![](market.png)", "the image market.png without words for who cannot see it"),
        ("![market.png](market.png)", "the image market.png without words for who cannot see it"),
        ("![x](../market.png)", "an image at '../market.png'"),
        ("![x](images/market.png)", "an image at 'images/market.png'"),
        ("![x](market.svg)", "an image at 'market.svg'"),
        ("![x](Market.PNG)", "an image at 'Market.PNG'"),
        ("![x](data:image/png;base64,AAAA)", "an image at 'data:image/png;base64,AAAA'"),
        ("![x](market.png 'a title')", "the image market.png with more than plain words"),
        ("![*x* y](market.png)", "the image market.png with more than plain words"),
        ("![{{ work }} x](market.png)", "the image market.png with more than plain words"),
        ("Words ![x y](market.png) words.", "the image market.png among other words"),
        ("- ![x y](market.png)", "the image market.png among other words"),
        ("> ![x y](market.png)", "the image market.png among other words"),
        ("| ![x y](market.png) |\n|---|\n| b |", "the image market.png among other words"),
        ("[![x y](market.png)](https://a.org)", "the image market.png among other words"),
    ],
)
def test_an_image_that_could_not_be_shown_or_told_is_refused(text, what):
    assert what in [problem for _, problem, _ in problems(text)]


# ------------------------------------------------------------ links within the book


def test_a_link_names_a_page_of_this_book_and_leads_there_from_every_page_of_words():
    made = narrative.html("See [it](places/letchworth), [here](counties/shire) and [how](methods).")
    assert re.findall('href="([^"]+)"', made) == ["../places/letchworth.html", "../counties/shire.html", "../methods.html"]


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("places/letchwirth", "did you mean 'places/letchworth'?"),
        ("letchworth", "did you mean 'places/letchworth'?"),
        ("counties/kent", None),
        ("method", "did you mean 'methods'?"),
    ],
)
def test_a_link_to_no_page_of_the_book_is_refused_with_candidates(tiny_project, address, remedy):
    tiny_project.write("_toc.yml", "root: book/index\nparts: [{chapters: [{file: book/methods}, {glob: book/places/*}]}]\n")
    good = "[a](places/letchworth) [b](counties/hertfordshire) [c](methods)"
    tiny_project.write("params/broxbourne.yml", f"{HEAD}narrative: {{summary: '{good} [d]({address})'}}\n")
    (fault,) = narrative_faults(Catalogue.open(tiny_project))
    assert fault.problem == f"holds a link to '{address}', and the book has no such page"
    assert remedy is None or remedy in fault.remedy
