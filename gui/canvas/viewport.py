"""Where the picture lies in the canvas: pure arithmetic, no Qt.

Screen coordinates are logical pixels of the widget; zoom is device pixels for one picture pixel,
so that 100 % is exact on screens with a scale factor. The view may be rotated and mirrored about the middle of the
canvas. Only the canvas knows: it draws everything through that rotation, and hands tools and overlays upright
coordinates, in which the picture is never rotated.
"""

import math
from dataclasses import dataclass, replace

Point = tuple[float, float]

MIN_ZOOM = 1 / 64
MAX_ZOOM = 64.0
FIT_MARGIN = 16  # logical pixels left free beside and above a fitted picture
FIT_FOOT = 64  # and below it, where the bar of a result appears
MIN_VISIBLE = 48  # logical pixels of the picture that panning never pushes out of the canvas
ROUNDING = 2.0  # logical pixels: what is narrower must not be rounded out of sight
CRISP_WITHIN = 1.15
ZOOM_LEVELS = (
    *(1 / 64, 1 / 32, 1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0),
)


@dataclass(frozen=True)
class Viewport:
    """A view of a picture. Every change gives a new one."""

    view_width: float  # logical pixels
    view_height: float
    image_width: int
    image_height: int
    zoom: float = 1.0
    left: float = 0.0  # screen position of the picture's top left corner
    top: float = 0.0
    device_ratio: float = 1.0
    angle: float = 0.0  # degrees clockwise, -180..180
    mirrored: bool = False

    @property
    def scale(self) -> float:
        """Logical pixels for one picture pixel."""
        return self.zoom / self.device_ratio

    @property
    def is_rotated(self) -> bool:
        return self.angle != 0 or self.mirrored

    def to_screen(self, x: float, y: float) -> Point:
        """Upright coordinates of a picture point."""
        return self.left + x * self.scale, self.top + y * self.scale

    def to_image(self, x: float, y: float) -> Point:
        """The picture point at upright coordinates."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def upright(self, x: float, y: float) -> Point:
        """Upright coordinates of a point of the canvas."""
        middle_x, middle_y = self.view_width / 2, self.view_height / 2
        dx, dy = self.upright_offset(x - middle_x, y - middle_y)
        return middle_x + dx, middle_y + dy

    def upright_offset(self, dx: float, dy: float) -> Point:
        """The same for a distance."""
        cos, sin = _cos_sin(self.angle)
        x, y = dx * cos + dy * sin, dy * cos - dx * sin
        return (-x if self.mirrored else x), y

    def rotated(self, x: float, y: float) -> Point:
        """The point of the canvas at upright coordinates."""
        middle_x, middle_y = self.view_width / 2, self.view_height / 2
        dx, dy = (middle_x - x if self.mirrored else x - middle_x), y - middle_y
        cos, sin = _cos_sin(self.angle)
        return middle_x + dx * cos - dy * sin, middle_y + dx * sin + dy * cos

    def visible(self) -> tuple[int, int, int, int]:
        """The part of the picture in sight: x, y, width, height in whole picture pixels (width 0 if none)."""
        left, top, right, bottom = self._upright_view()
        left, top = self.to_image(left, top)
        right, bottom = self.to_image(right, bottom)
        x, y = max(0, int(left)), max(0, int(top))
        far_x = min(self.image_width, -int(-right // 1))
        far_y = min(self.image_height, -int(-bottom // 1))
        return x, y, max(0, far_x - x), max(0, far_y - y)

    def fitted(self) -> "Viewport":
        """The whole picture in sight, with its foot free."""
        room_x = max(1.0, self.view_width - 2 * FIT_MARGIN)
        room_y = max(1.0, self.view_height - FIT_MARGIN - FIT_FOOT)
        width, height = _rotated_size(self.image_width, self.image_height, self.angle)
        scale = min(room_x / width, room_y / height)
        fitted = self._with_zoom(_crisp(scale * self.device_ratio))
        x, y = self.upright(self.view_width / 2, FIT_MARGIN + room_y / 2)
        left, top = x - self.image_width * fitted.scale / 2, y - self.image_height * fitted.scale / 2
        return replace(fitted, left=left, top=top)._on_device_pixels()

    def rotated_to(self, angle: float) -> "Viewport":
        """The view at another angle; the middle of the canvas stays where it is."""
        return replace(self, angle=(angle + 180) % 360 - 180)._kept_in_sight()

    def flipped(self) -> "Viewport":
        """The view mirrored left to right as it is seen."""
        return replace(self, mirrored=not self.mirrored, angle=-self.angle if self.angle != -180 else -180.0)

    def actual_size(self) -> "Viewport":
        """One device pixel for one picture pixel, around the middle of the view."""
        return self.zoomed_to(1.0, (self.view_width / 2, self.view_height / 2))

    def zoomed_to(self, zoom: float, anchor: Point) -> "Viewport":
        """Another zoom, with the picture point under the anchor staying under it."""
        x, y = self.to_image(*anchor)
        changed = self._with_zoom(zoom)
        left, top = anchor[0] - x * changed.scale, anchor[1] - y * changed.scale
        return replace(changed, left=left, top=top)._kept_in_sight()

    def zoomed_by(self, factor: float, anchor: Point) -> "Viewport":
        return self.zoomed_to(self.zoom * factor, anchor)

    def next_zoom(self, direction: int, anchor: Point) -> "Viewport":
        """The next round zoom, in (1) or out (-1)."""
        if direction > 0:
            zoom = next((level for level in ZOOM_LEVELS if level > self.zoom * 1.001), MAX_ZOOM)
        else:
            zoom = next((level for level in reversed(ZOOM_LEVELS) if level < self.zoom * 0.999), MIN_ZOOM)
        return self.zoomed_to(zoom, anchor)

    def panned(self, dx: float, dy: float) -> "Viewport":
        """Moved by a distance in upright coordinates."""
        return replace(self, left=self.left + dx, top=self.top + dy)._kept_in_sight()

    def resized(self, width: float, height: float, device_ratio: float) -> "Viewport":
        """Another canvas size; what was in the middle stays in the middle."""
        dx, dy = (width - self.view_width) / 2, (height - self.view_height) / 2
        ratio = device_ratio / self.device_ratio
        resized = replace(
            self, view_width=width, view_height=height, device_ratio=device_ratio, zoom=self.zoom * ratio
        )
        return resized.panned(dx, dy)

    def for_image(self, width: int, height: int) -> "Viewport":
        """The same canvas with another picture, fitted."""
        return replace(self, image_width=width, image_height=height).fitted()

    def _with_zoom(self, zoom: float) -> "Viewport":
        return replace(self, zoom=min(MAX_ZOOM, max(MIN_ZOOM, zoom)))

    def _upright_view(self) -> tuple[float, float, float, float]:
        """What of the upright plane the canvas can see: left, top, right, bottom."""
        width, height = _rotated_size(self.view_width, self.view_height, self.angle)
        x, y = (self.view_width - width) / 2, (self.view_height - height) / 2
        return x, y, x + width, y + height

    def _kept_in_sight(self) -> "Viewport":
        view_left, view_top, right, bottom = self._upright_view()
        left = _clamp(self.left, self.image_width * self.scale, view_left, right)
        top = _clamp(self.top, self.image_height * self.scale, view_top, bottom)
        return replace(self, left=left, top=top)._on_device_pixels()

    def _on_device_pixels(self) -> "Viewport":
        """The picture's corner on a whole device pixel, so that 100 % shows its pixels as they are."""
        ratio = self.device_ratio
        return replace(self, left=round(self.left * ratio) / ratio, top=round(self.top * ratio) / ratio)


def _crisp(zoom: float) -> float:
    """A whole multiple where that costs little size: its pixels need no smoothing."""
    whole = float(int(zoom))
    return whole if whole and zoom < whole * CRISP_WITHIN else zoom


def _clamp(start: float, length: float, low: float, high: float) -> float:
    kept = min(MIN_VISIBLE, max(length, ROUNDING), high - low)
    return min(high - kept, max(low + kept - length, start))


def _cos_sin(degrees: float) -> Point:
    """Exact at right angles."""
    exact = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), -90.0: (0.0, -1.0), -180.0: (-1.0, 0.0)}
    return exact.get(degrees) or (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))


def _rotated_size(width: float, height: float, angle: float) -> Point:
    """Of the upright rectangle around a rotated one."""
    cos, sin = map(abs, _cos_sin(angle))
    return width * cos + height * sin, width * sin + height * cos
