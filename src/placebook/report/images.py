"""Images that analysts' words show, inside the page itself: whatever form the book takes, nothing is to be fetched."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from placebook.catalogue import image_files
from placebook.catalogue.places import ImageRecord
from placebook.errors import BuildError
from placebook.markup import Html, markup
from placebook.paths import Project


class Images:
    """The images of one place's or county's file."""

    def __init__(self, project: Project, records: Mapping[str, ImageRecord]):
        self._project = project
        self._records = records

    def html(self, name: str, alt: str) -> Html:
        """An image, with the words for who cannot see it and, below, whose it is. Raises BuildError where it cannot be."""
        try:
            image, record = image_files.read(self._project.params / name), self._records[name]
        except (KeyError, ValueError) as error:
            raise BuildError(f"params/{name} cannot be shown ({error}); run placebook check") from None
        return markup(
            '<div class="pb-image"><img src="data:image/{};base64,{}" alt="{}" width="{}" height="{}"/>'
            '<p class="pb-small">{}. {}.</p></div>',
            image.kind,
            b64encode(image.data).decode("ascii"),
            alt,
            image.width,
            image.height,
            record.by.rstrip("."),
            record.licence.rstrip("."),
        )
