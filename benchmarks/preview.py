"""What a save costs under ``placebook preview``, from the save to the page that a browser is told to load again.

    python benchmarks/preview.py

Builds a copy of the checkout from nothing with ``placebook build``, HTML alone; then saves words ten times and a row of a table
five times (a figure of the first place) under a preview of it, as somebody who looks at the first place's page. Prints the
seconds, median and worst, and their ratios to the faster of two builds from nothing, one before and one after; last, how many
processes were left half a minute after Ctrl-C.
"""

import atexit
import http.client
import json
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from changes import first_district, row
from checkouts import build, copy, machine, set_aside

from placebook.paths import Project

WORDS, ROWS = 10, 5
ENDING = 30.0


def news(port: int, page: str) -> Iterator[dict]:
    """What a browser that shows this page is told."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/-/events?page={page}")
    for line in connection.getresponse():
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def seconds(told: Iterator[dict], page: str, save: Callable[[], None]) -> tuple[float, str]:
    """Until the page is another one than before the save, and its hash. Ends the benchmark where something is wrong."""
    begun = time.perf_counter()
    save()
    for one in told:
        if one["problems"]:
            sys.exit(f"the preview says {one['problems']}")
        if one["page"] and one["page"] != page:
            return time.perf_counter() - begun, one["page"]
    sys.exit("the preview has ended")


def quiet(told: Iterator[dict], preview: subprocess.Popen[str]) -> None:
    """Wait until nothing is left to do: a build of everything has ended, and no save waits."""
    assert preview.stderr
    while ": built in" not in preview.stderr.readline():
        pass


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = copy(Project.find(), Path(folder) / "book")
        whole, _ = build(project)
        place = sorted(project.params.glob("*.yml"))[0]
        command = [sys.executable, "-m", "placebook", "--project", str(project.root), "preview", "--no-open"]
        preview = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        atexit.register(preview.kill)  # also where the benchmark ends before its end
        assert preview.stderr
        port = int(re.search(r"127\.0\.0\.1:(\d+)", preview.stderr.readline())[1])
        quiet(iter(()), preview)
        address = f"/book/places/{place.stem}.html"
        told = news(port, address)
        page = next(told)["page"]
        written = place.read_text(encoding="utf-8")
        found: dict[str, list[float]] = {"words": [], "data": []}
        for number in range(WORDS):
            text = re.sub(r"(summary: (?:>-\n +)?)", rf"\g<1>Save {number}. ", written, count=1)
            took, page = seconds(told, page, lambda text=text: place.write_text(text, encoding="utf-8"))
            quiet(told, preview)
            found["words"].append(took)
        code = first_district(project)
        for number in range(ROWS):
            took, page = seconds(told, page, lambda number=number: row(project, code, 1.05 if number % 2 else 1 / 1.04))
            quiet(told, preview)  # the page that is looked at
            quiet(told, preview)  # the others
            found["data"].append(took)
        started = psutil.Process(preview.pid).children(recursive=True)
        preview.send_signal(signal.SIGINT)
        preview.communicate(timeout=ENDING)
        _, left = psutil.wait_procs(started, ENDING)
        set_aside(project)
        again, _ = build(project)
        print(f"from nothing {whole:.1f} s before, {again:.1f} s after")
        whole = min(whole, again)
        for name, took in found.items():
            middle, worst = statistics.median(took), max(took)
            print(
                f"{len(took):2d} saves of {name:5s} median {middle:5.2f} s ({middle / whole:.2f}), "
                f"worst {worst:5.2f} s ({worst / whole:.2f})"
            )
        print(f"processes left {len(left)} of {len(started)}; {machine()}")


if __name__ == "__main__":
    main()
