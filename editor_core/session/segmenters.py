"""Which network finds the thing at a click: a Segment Anything of the artist's, where there is one, else our own."""

from pathlib import Path

import numpy as np
from cachetools import LRUCache

from editor_core.base.errors import ModelError, RegionError
from editor_core.base.message import Message
from editor_core.base.settings import OBJECTS_AUTO, OBJECTS_OWN, Settings
from editor_core.engines.common.context import EngineContext
from editor_core.engines.incremental.keys import picture_digest
from editor_core.library.entry import Kind
from editor_core.library.places import watched
from editor_core.library.scan import weights_in
from editor_core.messages.events import FoundObject
from editor_core.messages.requests import FindObject
from editor_core.models.segmenter import EncodedPicture, Segmenter, load_segmenter


class Segmenters:
    """Keeps the network last used, and what it knows of the pictures last looked at."""

    def __init__(self, most: int = 3) -> None:
        self._loaded: tuple[Path, Segmenter | None] | None = None
        self._known: LRUCache[str, EncodedPicture] = LRUCache(most)
        self._searched: tuple[tuple[str, ...], Path | None] | None = None

    def find(self, request: FindObject, context: EngineContext, settings: Settings) -> FoundObject | None:
        """The thing, or with no place an empty mask; None where no such network is there, or none is wanted.

        What cannot be loaded is told once. Raises RegionError for a place outside the picture, and JobCancelled.
        """
        network = self._network(context, settings)
        if network is None:
            return None
        context.check_cancelled()
        height, width = request.image.shape[:2]
        key = picture_digest(request.image) + str(request.image.shape)
        picture = self._known.get(key)
        if picture is None:
            picture = self._known[key] = network.encode(request.image)
        if request.box is not None:
            left, top, right, bottom = request.box
            left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
            if left >= right or top >= bottom:
                raise RegionError("This place is outside the picture.")
            return FoundObject(network.mask_in(picture, (left, top, right, bottom)))
        if request.at is None:
            return FoundObject(np.zeros((height, width), np.uint8))
        x, y = request.at
        if not (0 <= x < width and 0 <= y < height):
            raise RegionError("This place is outside the picture.")
        return FoundObject(network.mask_at(picture, x, y))

    def chosen(self, settings: Settings) -> Path | None:
        """The folder of the network to use; None for our own way. The library is walked once."""
        if settings.object_model == OBJECTS_OWN:
            return None
        if settings.object_model != OBJECTS_AUTO:
            return Path(settings.object_model).expanduser()
        folders = settings.library_folders
        if self._searched is None or self._searched[0] != folders:
            everything = weights_in(watched(folders))
            found = (path for path, kind in everything if kind is Kind.SEGMENTER and path.is_dir())
            self._searched = folders, next(found, None)
        return self._searched[1]

    def _network(self, context: EngineContext, settings: Settings) -> Segmenter | None:
        place = self.chosen(settings)
        if place is None:
            return None
        if self._loaded is None or self._loaded[0] != place:
            self._known.clear()
            self._loaded = place, None  # one that cannot be loaded is not tried again and again
            try:
                self._loaded = place, load_segmenter(place, context.bundle.device)
            except ModelError as error:
                context.notice(error.message)
                context.notice(
                    Message(
                        "“{name}” could not be used, so the model that paints finds objects.", name=place.name
                    )
                )
        return self._loaded[1]
