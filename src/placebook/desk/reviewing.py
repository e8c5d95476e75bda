"""``placebook review``: a sheet and a form for a reviewer, and the record of what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from placebook.catalogue import yaml_reader
from placebook.desk.terminal import say
from placebook.errors import Fault, InputError
from placebook.paths import REVIEWS, Project, write_atomically, write_changed

if TYPE_CHECKING:
    from placebook.catalogue.load import Catalogue
    from placebook.report.review_sheet import Sheet

HEAD = """\
# yaml-language-server: $schema=../../schemas/review.schema.json
# Written by placebook review {} --approve, not by hand.
"""
FORM = """\
# Review of {name}. Write by whom and when, and of each key finding accepted or rejected, with a remark where there is one.
# Of another statement add a line like these where it is to be rejected or remarked on; the sheet gives its id.
# Then: placebook review {slug} --approve THIS-FILE
"""
BY = "write who reviewed the page, with the office held, and the day"
VERDICTS = ("accepted", "rejected")


class Quoting(yaml.SafeDumper):
    """Quotes what the reader takes for a number where yaml does not: of a thousand hashes one is 1234567e89012345."""


def _quoted(dumper: yaml.SafeDumper, words: str) -> yaml.Node:
    style = "'" if yaml_reader.FLOAT.match(words) or yaml_reader.INTEGER.match(words) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", words, style=style)


Quoting.add_representer(str, _quoted)


def review(
    context: typer.Context,
    place: Annotated[str, typer.Argument(help="Its slug or name.")],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where sheet and form are written.")] = Path("review"),
    approve: Annotated[
        Path | None, typer.Option(metavar="FORM.yml", help="Take a filled form: the page says that it was reviewed.")
    ] = None,
) -> None:
    """Make the reviewer's sheet of a page, or take the verdicts of a filled form.

    The sheet (HTML, Word) holds the key findings and every statement with its
    test, texts to check, markers, sources that may be newer, how the place is
    drawn, and what is new since the last review. The form (YAML) takes a verdict
    on each. Approved, the page says who reviewed it and when, and how many
    figures and words have changed since; a rejected statement is not printed
    until its figures change.

    Examples:
      placebook review broxbourne
      placebook review broxbourne --approve review/broxbourne.yml
    """
    from placebook.catalogue.load import Catalogue
    from placebook.desk import removal, review_document
    from placebook.report import review_sheet

    project = context.obj.project
    slug = removal.slug_named(project, place)
    catalogue = Catalogue.open(project)
    made = review_sheet.sheet(project, catalogue, slug, date.today())
    if approve:
        for line in approved(project, catalogue, made, approve, date.today()):
            say(line)
        return
    write_atomically(to / f"{slug}.html", review_sheet.page(made))
    write_atomically(to / f"{slug}.docx", review_document.document(made))
    form = to / f"{slug}.yml"
    if form.exists():
        say(f"{form} is there already, and stays as it is.")
    else:
        write_atomically(form, form_text(made))
    say(f"Written: {to / slug}.html, {to / slug}.docx. Fill in {form}, then: placebook review {slug} --approve {form}")


def form_text(made: Sheet) -> str:
    """An empty form: by whom, when, and a line for each key finding."""
    verdicts = [{"id": each.id, "says": each.words, "verdict": "", "remark": ""} for each in made.findings]
    record = {"by": "", "on": "", "verdicts": verdicts}
    return FORM.format(name=made.name, slug=made.slug) + yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=120)


def approved(project: Project, catalogue: Catalogue, made: Sheet, form: Path, today: date) -> list[str]:
    """Write the record of a filled form; gives what is said. Raises InputError with every fault of the form at once."""
    from placebook.catalogue.reviews import ReviewRecord
    from placebook.report.reviewed import figures, texts

    data = _form(form)
    given = [each for each in data.get("verdicts") or () if isinstance(each, dict)]
    if faults := list(_faults(data, given, made, form.name, today)):
        raise InputError(faults)
    statements = {each.id: each for each in (*made.findings, *made.claims)}
    verdicts = [
        {
            "id": each["id"],
            "verdict": each["verdict"],
            **({"remark": str(each["remark"])} if each.get("remark") else {}),
            "figures": statements[each["id"]].figures,
        }
        for each in given
    ]
    record = {
        "by": str(data["by"]),
        "on": _day(data["on"]),
        "edition": catalogue.edition_date,
        "figures": figures(project, catalogue, made.slug),
        "words": texts(catalogue, made.slug),
        "verdicts": verdicts,
        "statements": {name: each.figures for name, each in statements.items()},
    }
    try:
        ReviewRecord.model_validate(record)
    except ValueError as error:
        raise InputError(f"{form.name}: {error}") from None
    text = yaml.dump(record, Dumper=Quoting, sort_keys=False, allow_unicode=True, width=120)
    write_changed(project.reviews / f"{made.slug}.yml", HEAD.format(made.slug) + text)
    rejected = sum(each["verdict"] == "rejected" for each in verdicts)
    return [
        f"Written: {REVIEWS}/{made.slug}.yml: {len(verdicts) - rejected} accepted, {rejected} rejected.",
        "Next: placebook build" + (", which leaves out what was rejected" if rejected else ""),
    ]


def _faults(
    data: Mapping[str, Any], given: Sequence[Mapping[str, Any]], made: Sheet, file: str, today: date
) -> Iterator[Fault]:
    """What is wrong with a filled form."""
    for name in ("by", "on"):
        if not data.get(name):
            yield Fault(file, 0, name, "is not filled in", BY)
    if data.get("on") and not ((on := _day(data["on"])) and on <= today):
        yield Fault(file, 0, "on", f"{str(data['on'])[:40]!r} is no day up to today", f"write the day as {today.isoformat()}")
    known = {each.id for each in (*made.findings, *made.claims)}
    for each in given:
        id_, verdict = str(each.get("id")), each.get("verdict")
        if id_ not in known:
            yield Fault(file, 0, id_, "is no statement of the page today", "make the sheet again: placebook review")
        elif verdict not in VERDICTS:
            problem = f"has the verdict {str(verdict)[:40]!r}" if verdict else "has no verdict"
            yield Fault(file, 0, id_, problem, f"write {' or '.join(VERDICTS)}")
    for finding in made.findings:
        if finding.id not in {one.get("id") for one in given}:
            yield Fault(file, 0, finding.id, "the key finding has no line", "take the form that placebook review writes")


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


def _form(path: Path) -> dict[str, Any]:
    unread = yaml_reader.Document(path.name)
    raw = yaml_reader.content(path, unread)
    document = unread if raw is None else yaml_reader.parse(raw, yaml_reader.Document(path.name))
    if document.faults:
        raise InputError(document.faults)
    if not isinstance(document.data, dict):
        raise InputError(f"{path.name} is no form: make one with placebook review")
    return document.data
