"""A small map of a new place: its LSOAs in the districts that they lie in, for whoever chose them to look at."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from placebook.desk.choices import Choice
from placebook.errors import InputError
from placebook.findings.formats import joined, plural
from placebook.geography.areas import Areas
from placebook.geography.outlines import small_outlines
from placebook.paths import Project

INCHES = 7.0


def check(path: Path | None) -> None:
    """Raises InputError for a file that no map can be written to: before anything else is done."""
    if path is None:
        return
    if path.suffix.lower() != ".png":
        raise InputError(f"--map: {path.name!r} is no .png file; call it {path.with_suffix('.png').name!r}")
    if not path.parent.is_dir():
        raise InputError(f"--map: there is no folder {str(path.parent)!r}; make it, or name another one")
    if os.path.lexists(path):
        raise InputError(f"--map: {path.name!r} is there already, and is never overwritten; name another file")


def write(project: Project, areas: Areas, choice: Choice, name: str, path: Path) -> None:
    """Draw the map into a new file. Raises InputError where one of its name has come to be there."""
    with TemporaryDirectory(prefix=".", dir=path.parent) as folder:
        draft = Path(folder) / path.name
        _draw(project, areas, choice, name, draft)
        try:
            os.link(draft, path)
        except FileExistsError:
            check(path)


def _draw(project: Project, areas: Areas, choice: Choice, name: str, target: Path) -> None:
    import geopandas
    from matplotlib.figure import Figure

    from placebook.figures.style import ACCENT, INK, LEAST, MUTED, PALE, figure_style

    around = small_outlines(project, "lsoa21", areas, [_first(areas, code) for code in choice.districts]).geometry
    codes = [areas.registry.districts[code] for code in around.index]
    districts = geopandas.GeoDataFrame({"district": codes}, geometry=around.values, crs=around.crs).dissolve("district")
    own = around.loc[list(choice.lsoas)]
    with figure_style():
        left, bottom, right, top = districts.total_bounds
        height = min(9.0, max(3.0, INCHES * (top - bottom) / (right - left)))
        figure = Figure(figsize=(INCHES, height + 0.5))
        axes = figure.subplots()
        districts.plot(ax=axes, color=PALE, edgecolor="none")
        own.plot(ax=axes, color=ACCENT, edgecolor="white", linewidth=0.3)
        districts.boundary.plot(ax=axes, color=INK, linewidth=0.9)
        for code, shape in districts.geometry.items():
            free = shape.difference(own.union_all())
            at = (free if not free.is_empty else shape).representative_point()
            axes.annotate(areas[str(code)].name, (at.x, at.y), ha="center", color=MUTED, fontsize=LEAST + 2)
        if choice.kind == "town":
            west, south, east, _ = own.total_bounds
            axes.annotate(
                _plain(name),
                ((west + east) / 2, south),
                xytext=(0, -3),
                textcoords="offset points",
                ha="center",
                va="top",
                color=INK,
                fontsize=LEAST + 3,
                bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
            )
        where = joined([areas[code].name for code in choice.districts])
        axes.set_title(_plain(f"{name}: {plural(len(choice.lsoas), 'LSOA')} in {where}"), loc="left", wrap=True)
        axes.set_axis_off()
        axes.set_aspect("equal")
        figure.savefig(target, format="png", dpi=120, bbox_inches="tight")


def _plain(text: str) -> str:
    """Without what matplotlib would read as mathematics."""
    return text.replace("$", r"\$")


def _first(areas: Areas, district: str) -> str:
    return next(area.code for area in areas.children(district, "lsoa") if area.vintage == "2021")
