"""Mistakes that an analyst could make who begins a book: each is told with what to do, and nothing is written."""

import shlex

import pytest

MISTAKES = [
    # ------------------------------------------------------------ where
    (
        "init full --county Kent",
        "full is not empty: it holds words.txt. Nothing is ever overwritten; name a folder that is not",
    ),
    ("init words.txt --county Kent", "words.txt is a file, and is never overwritten; name a folder that is empty or not there"),
    ("init link --county Kent", "link is a link; name the folder that it leads to"),
    ("init no/kent --county Kent", "there is no folder 'no' to make 'kent' in; make it first, or name another one"),
    ("init book/params/kent --county Kent", "lies inside the book {folder}/book; a book of its own lies beside it: placebook"),
    ("init book --county Kent", "book is not empty"),
    ("init '\x1bkent' --county Kent", "'\\x1bkent' is no name of a folder that anybody can see; write letters, digits and"),
    # ------------------------------------------------------------ of what
    ("init kent", 'say what the book is about: --county Cambridgeshire, or --districts "Bedford, Luton" --name "Two towns"'),
    ("init kent --county Kentt", "--county: there is no county, unitary authority or region 'Kentt'. Did you mean Kent?"),
    ("init kent --county 'Kent County Council'", "region 'Kent County Council'. Did you mean Kent?"),
    ("init berks --county Berkshire", 'Of several districts together write: --districts "…, …" --name "Berkshire"'),
    ("init x --county E10000099", "--county: there is no county, unitary authority or region 'E10000099'"),
    ("init beds --districts 'Bedford, Lutn'", "--districts: there is no district 'Lutn' in England. Did you mean Luton?"),
    ("init x --districts Cardiff", "--districts: there is no district 'Cardiff' in England; write its name or its GSS code"),
    ("init x --districts E07000097", "E07000097 was East Hertfordshire until"),
    ("init x --districts ,", "no district is named; write a name or a code"),
    ("init beds --districts 'Bedford, Luton'", 'Bedford and Luton have no name together; write one: --name "Our districts"'),
    ("init kent --county Kent --in Medway", "Ashford, Canterbury, Dartford and 10 more have no name together; write one"),
    # ------------------------------------------------------------ words
    ("init kent --county Kent --title '<b>Kent</b>'", "--title: '<b>Kent</b>' holds '<', which is no word; write it without"),
    ("init kent --county Kent --title Kent --name '{{x}}'", "--name: '{{x}}' holds '{', which is no word"),
    ("init kent --county Kent --title ' '", "--title is empty; write one line of words"),
    ("init kent --county Kent --title 'a\nb'", "--title is more than one line; write one line of words"),
    ("init kent --county Kent --title '\u202eKent'", "--title holds the control character U+202E; delete it"),
    (
        f"init kent --county Kent --title {'k' * 101}",
        "--title has 101 characters, and at most 100 fit the head of a page; shorten",
    ),
    ("init kent --county Kent --author '`id`'", "--author: '`id`' holds '`', which is no word; write it without"),
    ("init kent --county Kent --address kent", "--address: 'kent' has a host that is no name of one; write it in full"),
    (
        "init kent --county Kent --address javascript://x",
        "'javascript://x' leads nowhere; links begin with https:// or mailto:",
    ),
    ("init kent --county Kent --address 'a@kent.gov.uk, b@kent.gov.uk'", "--address: 'a@kent.gov.uk, b@kent.gov.uk' holds ' '"),
    # ------------------------------------------------------------ colours and logo
    (
        "init kent --county Kent --colour red",
        "--colour: 'red' is no colour; write # and six digits from 0 to f, such as #12436d",
    ),
    (
        "init kent --county Kent --colour '#ffcc00'",
        "--colour: #ffcc00 has a contrast of 1.5 to white, and links need 4.5; take a",
    ),
    ("init kent --county Kent --logo words.txt", "--logo: 'words.txt' is no .svg or .png file; save it as one of these"),
    ("init kent --county Kent --logo gone.svg", "--logo: 'gone.svg' cannot be read: No such file or directory"),
    ("init kent --county Kent --logo false.png", "--logo: 'false.png' does not hold the picture that its name says; save it"),
    ("init kent --county Kent --logo folder.svg", "--logo: 'folder.svg' is a folder; name a small picture"),
]


def everything(folder):
    return sorted(path for path in folder.rglob("*") if "_build" not in path.parts)


@pytest.mark.parametrize(("command", "message"), MISTAKES)
def test_each_is_told_and_nothing_is_written(carried, checkout, placebook, monkeypatch, command, message):
    folder = checkout.root.parent
    monkeypatch.chdir(folder)
    for name in ("full/words.txt", "words.txt", "false.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("words", encoding="utf-8")
    (folder / "link").symlink_to("full")
    (folder / "folder.svg").mkdir()
    before = everything(folder)
    done = placebook(checkout, *shlex.split(command))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert message.replace("{folder}", str(folder)) in done.stderr
    assert everything(folder) == before
