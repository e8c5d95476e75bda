"""Where an address leads is what a reader sees: anything else is refused, with what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.catalogue.addresses import https, link, mailto
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError

HOST = "has a host that is no name of one; write it in full, such as www.ons.gov.uk"
USER = "names a user before its host, which hides where it leads; delete what stands before the @"
PORT = "has a port that is none; delete the port"
READ = "is no address that can be read; copy it from the browser's address line"
ONE = "is more than one mailbox; write mailto: and one mailbox, without anything after it"
BOX = "is no mailbox; write mailto: and one mailbox, such as mailto:evidence@council.gov.uk"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.ons.gov.uk/a?b=c&d=e#f",
        "https://a.b:8443/",
        "https://münchen.de/",
        "https://xn--mnchen-3ya.de/",
        "https://a.org/a%20b",
        "https://a.org/@user",
        "https://www.GOV.uk/x",
        "https://a.org/ŵ’",
        "mailto:evidence@council.gov.uk",
        "mailto:a.b+c@d-e.org",
    ],
)
def test_an_address_is_kept_as_it_is(address):
    assert link(address) == address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://bank.example@evil.example/", USER),
        ("https://a:b@evil.example/", USER),
        ("https://localhost/", HOST),
        ("https:///x", HOST),
        ("https://a..org/", HOST),
        ("https://-a.org/", HOST),
        ("https://a_b.org/", HOST),
        ("https://127.0.0.1/", HOST),
        ("https://0x7f.1/", HOST),
        ("https://[::1]/", HOST),
        ("https://a%2eb.org/", HOST),
        ("https://ｅvil.org/", HOST),
        ("https://a。org/", HOST),
        (f"https://{'a' * 64}.org/", HOST),
        ("https://xn--a-pin.org/", HOST),
        ("https://xn--a.org/", HOST),
        ("https://xn--example-mka.org/", HOST),
        ("https://a.org:0/", PORT),
        ("https://a.org:/", PORT),
        ("https://a.org:65536/", READ),
        ("https://a.org:b/", READ),
        ("https://[a.org/", READ),
        ("https://a.org\\@b.org/", "holds '\\\\', which no address holds; copy it from the browser's address line"),
        ("https://a.org/<b>", "holds '<', which no address holds; copy it from the browser's address line"),
        ("https://a.org/ b", "holds ' ', which no address holds; copy it from the browser's address line"),
        ("https://a\u00ad.org/", "holds the control character U+00AD; delete it and type the text again"),
        ("https://a.org/%E2%80%AEx", "holds the control character U+202E; delete it and type the text again"),
        ("https://a.org/%0Ax", "holds the control character U+000A; delete it and type the text again"),
        ("https://a.org/" + "x" * 500, "is longer than 500 characters; name a shorter address of the page"),
        ("mailto:a@b.org?bcc=c@d.org", ONE),
        ("mailto:a@b.org,c@d.org", ONE),
        ("mailto:a@b@c.org", ONE),
        ("mailto:a@b.org&x", ONE),
        ("mailto:%61@b.org", ONE),
        ("mailto:@b.org", BOX),
        ("mailto:.a@b.org", BOX),
        ("mailto:a..b@c.org", BOX),
        ("mailto:a@b", HOST),
        (
            "http://a.org/",
            "; links begin with https:// or mailto:, or name a page of this book: places/SLUG, counties/SLUG, methods",
        ),
        (
            "javascript:x",
            "; links begin with https:// or mailto:, or name a page of this book: places/SLUG, counties/SLUG, methods",
        ),
    ],
)
def test_what_hides_where_it_leads_is_refused(address, said):
    with pytest.raises(ValueError) as caught:
        link(address)
    assert str(caught.value) == said


def test_each_kind_takes_its_own():
    with pytest.raises(ValueError, match="is no address that begins with https://; write the whole address"):
        https("mailto:a@b.org")
    with pytest.raises(ValueError, match="is no address that begins with mailto:; write mailto: and one mailbox"):
        mailto("https://a.org")


@given(
    st.text(max_size=40), st.sampled_from(["https://{}", "https://a.org/{}", "https://{}.org", "mailto:{}", "mailto:a@{}.org"])
)
def test_whatever_is_let_through_leads_where_it_says(text, around):
    address = around.format(text)
    try:
        link(address)
    except ValueError:
        return
    assert not any(sign in address for sign in "\\<>\"'` \n\t") and address.startswith(("https://", "mailto:"))
    where = address.removeprefix("https://").removeprefix("mailto:").partition("/")[0].partition("?")[0].partition("#")[0]
    assert where.count("@") == address.startswith("mailto:") and "." in where


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        (
            "params/broxbourne.yml",
            "code:",
            "narrative: {references: [{title: A, url: 'URL'}]}\ncode:",
            "3: narrative.references[0].url",
        ),
        ("data/counties/hertfordshire.yml", "code:", "documents: [{title: A, url: 'URL'}]\ncode:", "2: documents[0].url"),
        ("data/sources/jobs.yml", "https://example.org/jobs", "URL", "3: landing_page"),
    ],
)
def test_one_rule_for_every_field_that_holds_one(tiny_project, file, old, new, where):
    tiny_project.replace(file, old, new.replace("URL", "https://bank.example@evil.example/"))
    with pytest.raises(InputError) as caught:
        Catalogue.open(tiny_project)
    problem, _, remedy = USER.partition("; ")
    assert str(caught.value) == f"{file}:{where}: {problem}\n    → {remedy}"
