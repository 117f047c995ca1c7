"""How large a picture the model can work on."""

from editor_core.base.errors import SizeError
from editor_core.models.bundle import ModelBundle

# Pixels; a U-Net of this family repeats its subject long before the larger one.
MIN_SIDE, MAX_SIDE = 64, 2048

WHOLE = 4
"""Times the model's own size: pictures with longer sides are edited around a mask only."""

ONE_PASS = 1.5
"""Times the model's own size, in length and in area: a larger picture is not painted at once, for things come twice."""


def largest_whole(bundle: ModelBundle) -> int:
    """Pixels: how long the sides of a picture may be of which a region can be found without a mask."""
    return min(WHOLE * max(bundle.default_size), MAX_SIDE)


def fits_one_pass(bundle: ModelBundle, width: int, height: int) -> bool:
    """Whether a picture of so many pixels is near enough to the model's own size to be painted at once."""
    own_width, own_height = bundle.default_size
    fits_in = max(width, height) <= ONE_PASS * max(own_width, own_height)
    return fits_in and width * height <= ONE_PASS * own_width * own_height


def seen_size(bundle: ModelBundle, width: int, height: int) -> tuple[int, int]:
    """(width, height) at which the model sees so many pixels: its own size, as far as no side is too short for it."""
    scale = max(width / bundle.default_size[0], height / bundle.default_size[1])
    scale = max(1.0, min(scale, min(width, height) / MIN_SIDE))
    return round(width / scale), round(height / scale)


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
