"""How large a picture the model can work on."""

from editor_core.base.errors import SizeError
from editor_core.models.bundle import ModelBundle

# Pixels; a U-Net of this family repeats its subject long before the larger one.
MIN_SIDE, MAX_SIDE = 64, 2048

WHOLE = 4
"""Times the model's own size: pictures with longer sides are edited in windows."""


def largest_whole(bundle: ModelBundle) -> int:
    """Pixels: how long the sides of a picture may be that is edited as a whole."""
    return min(WHOLE * max(bundle.default_size), MAX_SIDE)


def picture_size(width: int | None, height: int | None, default: tuple[int, int]) -> tuple[int, int]:
    """The asked-for size in pixels, or the model's own. Raises SizeError."""
    width, height = width or default[0], height or default[1]
    check_size(width, height)
    return width, height


def check_size(width: int, height: int) -> None:
    """Raises SizeError when a picture of so many pixels is out of the model's reach."""
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE:
        raise SizeError(
            "The picture is {width} × {height} pixels. Each side must be {smallest} to {largest} "
            "pixels long.",
            width=width,
            height=height,
            smallest=MIN_SIDE,
            largest=MAX_SIDE,
        )
