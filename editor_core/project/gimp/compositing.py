"""How GIMP puts a layer over what lies below it: blended in one colour space, composited in another.

A layer says both spaces and how far it reaches: union with the backdrop, clipped to the backdrop, to the layer, or to
both. Colours here are sRGB's, as everywhere in documents.
"""

from dataclasses import dataclass

import numpy as np

from editor_core.document.baking import Planes
from editor_core.document.compositing import Source, straight, to_planes
from editor_core.project.gimp.modes import BLENDS, LEGACY, Colours, normal

UNION, BACKDROP, LAYER, INTERSECTION = 1, 2, 3, 4
LINEAR, PERCEPTUAL, LAB = 1, 2, 3
NORMAL_LEGACY, DISSOLVE, BEHIND_LEGACY, COLOUR_ERASE_LEGACY, NORMAL, BEHIND = 0, 1, 2, 22, 28, 29
COLOUR_ERASE, ERASE, MERGE, SPLIT, PASS_THROUGH = 57, 58, 59, 60, 61
_LAST_LEGACY = 22
_OTHER_NAME = 4
"""GIMP 3 calls the same curve so where it is sRGB's."""

_LINEAR_BLENDS = frozenset((30, 33, 34, 41, 56, 57))
_LAB_BLENDS = frozenset((24, 25, 26, 27))

# Linear sRGB to CIE XYZ, adapted to D50 by Bradford's method; rows sum to the white point.
_TO_XYZ = np.array(
    [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
)
_WHITE = _TO_XYZ.sum(axis=1)[:, None]
_FROM_XYZ = np.linalg.inv(_TO_XYZ)
_TINY = np.float32(1e-6)
_EDGE, _SLOPE = 216 / 24389, 24389 / 27


@dataclass(frozen=True)
class GimpBlend:
    """What a layer says of how it is put over others."""

    mode: int
    composite: int
    composite_space: int
    blend_space: int

    @classmethod
    def of(cls, mode: int, composite: int, composite_space: int, blend_space: int) -> "GimpBlend":
        """With GIMP's defaults where the file says nothing, as older ones do."""
        if mode <= _LAST_LEGACY:
            reach = UNION if mode in (NORMAL_LEGACY, DISSOLVE, BEHIND_LEGACY) else BACKDROP
            return cls(mode, reach, PERCEPTUAL, PERCEPTUAL)
        if mode == PASS_THROUGH:
            return cls(mode, UNION, _known(composite_space or PERCEPTUAL), PERCEPTUAL)
        usual = LINEAR if mode in _LINEAR_BLENDS else LAB if mode in _LAB_BLENDS else PERCEPTUAL
        reach = composite or (UNION if mode in (NORMAL, BEHIND, MERGE) else BACKDROP)
        space = composite_space or LINEAR
        if mode in (35, 36):  # compared where they are composited
            usual = blend_space = space
        return cls(mode, reach, _known(space), _known(blend_space or usual))

    @classmethod
    def plain(cls, blend: "GimpBlend") -> "GimpBlend":
        """As GIMP shows the lowest layer that is visible: its mode has nothing to work on."""
        if blend.mode in (NORMAL, NORMAL_LEGACY, DISSOLVE):
            return blend
        return cls(NORMAL, UNION, blend.composite_space, blend.blend_space)

    def over(self, source: Source, below: Planes) -> Planes:
        """The layer over its backdrop."""
        colour, alpha, share = to_planes(source)
        if self.mode in LEGACY or self.mode == COLOUR_ERASE_LEGACY:
            return self._legacy(colour, alpha, share, below)
        alpha = alpha * share
        changes = alpha > 0 if self.composite in (UNION, BACKDROP) else np.ones(alpha.shape, bool)
        above, covers = below.colour.copy(), below.alpha.copy()
        if changes.any():
            base = straight(below.colour, below.alpha)[:, changes]
            made, opacity = self._composited(base, below.alpha[changes], colour[:, changes], alpha[changes])
            above[:, changes], covers[changes] = made * opacity, opacity
        return Planes(above, covers)

    def faded(self, below: Planes, above: Planes, share: float) -> Planes:
        """What is seen of a group that is passed through: a share of what it makes of what lies below it."""
        space = self.composite_space
        alpha = below.alpha + (above.alpha - below.alpha) * np.float32(share)
        ratio = np.float32(share) * above.alpha / np.maximum(alpha, _TINY)
        one = to_space(straight(below.colour, below.alpha), space)
        other = to_space(straight(above.colour, above.alpha), space)
        return _planes(from_space(one + (other - one) * ratio, space) * alpha, alpha)

    def _composited(
        self, base: Colours, base_alpha: Colours, colour: Colours, alpha: Colours
    ) -> tuple[Colours, Colours]:
        """Straight colour (3, n) and alpha (n) of what comes of it."""
        is_normal = self.mode in (NORMAL_LEGACY, DISSOLVE, NORMAL) and self.composite == UNION
        if is_normal and bool(((alpha == 1) | (base_alpha == 0)).all()):
            return colour, alpha
        space = self.composite_space
        ground, layer = to_space(base, space), to_space(colour, space)
        if self.mode == ERASE:
            nothing = np.zeros_like(alpha)
            made, opacity = _subtracted(self.composite, ground, base_alpha, layer, alpha, ground, nothing)
        elif self.mode in _ALPHA_MODES:
            made, opacity = _ALPHA_MODES[self.mode](self, ground, base_alpha, layer, alpha)
        elif self.mode == COLOUR_ERASE:
            mixed, kept = _colour_erased(to_space(base, self.blend_space), to_space(colour, self.blend_space))
            mixed = to_space(from_space(mixed, self.blend_space), space)
            made, opacity = _subtracted(self.composite, ground, base_alpha, layer, alpha, mixed, kept)
        else:
            mixed = layer
            if (blend := BLENDS.get(self.mode, normal)) is not normal:
                mixed = blend(to_space(base, self.blend_space), to_space(colour, self.blend_space))
                if self.blend_space != space:
                    mixed = to_space(from_space(mixed, self.blend_space), space)
            made, opacity = _reach(self.composite, ground, base_alpha, layer, alpha, mixed)
        return from_space(made, space), opacity

    def _legacy(self, colour: Colours, alpha: Colours, share: float, below: Planes) -> Planes:
        """Older modes: clipped to the backdrop, in sRGB, their alpha weighed in a way of its own."""
        base = straight(below.colour, below.alpha)
        if self.mode == COLOUR_ERASE_LEGACY:
            flat = base.reshape(3, -1), below.alpha.ravel(), colour.reshape(3, -1), (alpha * share).ravel()
            mixed, kept = _colour_erased(flat[0], flat[2])
            made, opacity = _subtracted(BACKDROP, *flat, mixed, kept)
            opacity = opacity.reshape(alpha.shape)
            return _planes(made.reshape(base.shape) * opacity, opacity)
        covers = np.minimum(below.alpha, alpha) * np.float32(share)
        ratio = covers / np.maximum(below.alpha + (1 - below.alpha) * covers, _TINY)
        mixed = LEGACY[self.mode](base, colour).clip(0, 1)
        return _planes((base + (mixed - base) * ratio) * below.alpha, below.alpha)


def _planes(colour: Colours, alpha: Colours) -> Planes:
    return Planes(colour.astype(np.float32, copy=False), alpha.astype(np.float32, copy=False))


def _known(space: int) -> int:
    return PERCEPTUAL if space == _OTHER_NAME else space if space in (LINEAR, PERCEPTUAL, LAB) else LINEAR


def _reach(
    composite: int, base: Colours, base_alpha: Colours, layer: Colours, alpha: Colours, mixed: Colours
) -> tuple[Colours, Colours]:
    """Backdrop, layer and what both make where they meet, as far as the layer reaches."""
    if composite == BACKDROP:
        return np.where(base_alpha > 0, base + (mixed - base) * alpha, base), base_alpha
    alone = layer + (mixed - layer) * base_alpha
    if composite == LAYER:
        return np.where(alpha > 0, alone, base), alpha
    if composite == INTERSECTION:
        return np.where(alpha > 0, mixed, base), alpha * base_alpha
    covers = alpha + base_alpha * (1 - alpha)
    return base + (alone - base) * (alpha / np.maximum(covers, _TINY)), covers


def _subtracted(
    composite: int,
    base: Colours,
    base_alpha: Colours,
    layer: Colours,
    alpha: Colours,
    mixed: Colours,
    kept: Colours,
) -> tuple[Colours, Colours]:
    """The same for modes that take away from the backdrop: of what meets, ``kept`` (n) stays."""
    both = kept * alpha * base_alpha
    if composite == INTERSECTION:
        return mixed, both
    if composite == BACKDROP:
        covers = base_alpha * (1 - alpha) + both
        return base + (mixed - base) * (both / np.maximum(covers, _TINY)), covers
    alone = alpha * (1 - base_alpha)
    if composite == LAYER:
        return layer + (mixed - layer) * (both / np.maximum(alone + both, _TINY)), alone + both
    rest = base_alpha * (1 - alpha)
    covers = rest + alone + both
    return (rest * base + alone * layer + both * mixed) / np.maximum(covers, _TINY), covers


def _colour_erased(base: Colours, layer: Colours) -> tuple[Colours, Colours]:
    """The backdrop without the layer's colour: the least opaque colour that makes it over that."""
    base, layer = base.clip(0, 1), layer.clip(0, 1)
    room = np.where(base > layer, 1 - layer, layer)
    kept = (np.abs(base - layer) / np.maximum(room, _TINY)).max(axis=0).clip(0, 1)
    return layer + (base - layer) / np.maximum(kept, _TINY), kept


def _behind(
    blend: GimpBlend, base: Colours, base_alpha: Colours, layer: Colours, alpha: Colours
) -> tuple[Colours, Colours]:
    covers = base_alpha + alpha * (1 - base_alpha)
    ratio = base_alpha / np.maximum(covers, _TINY)
    return layer + (base - layer) * ratio, covers


def _merge(
    blend: GimpBlend, base: Colours, base_alpha: Colours, layer: Colours, alpha: Colours
) -> tuple[Colours, Colours]:
    """Cut pieces put together again: alphas are added."""
    if blend.composite == BACKDROP:
        beyond = (alpha - (1 - base_alpha)).clip(0, None)
        return base + (layer - base) * (beyond / np.maximum(base_alpha, _TINY)), base_alpha
    if blend.composite == LAYER:
        return np.where(alpha > 0, layer, base), alpha
    if blend.composite == INTERSECTION:
        return layer, (alpha - (1 - base_alpha)).clip(0, None)
    rest = np.minimum(base_alpha, 1 - alpha)
    covers = rest + alpha
    return base + (layer - base) * (alpha / np.maximum(covers, _TINY)), covers


def _split(
    blend: GimpBlend, base: Colours, base_alpha: Colours, layer: Colours, alpha: Colours
) -> tuple[Colours, Colours]:
    """What one has and the other has not: alphas are subtracted."""
    if blend.composite == BACKDROP:
        return base, (base_alpha - alpha).clip(0, None)
    if blend.composite == LAYER:
        return layer, (alpha - base_alpha).clip(0, None)
    if blend.composite == INTERSECTION:
        return base, np.zeros_like(base_alpha)
    return np.where(alpha <= base_alpha, base, layer), np.abs(alpha - base_alpha)


_ALPHA_MODES = {MERGE: _merge, SPLIT: _split, BEHIND: _behind, BEHIND_LEGACY: _behind}


def to_space(colours: Colours, space: int) -> Colours:
    """sRGB colours (3, n) in linear light, as they are, or in CIE Lab."""
    if space == PERCEPTUAL:
        return colours
    light = np.where(
        colours <= 0.04045, colours / 12.92, (np.maximum(colours, 0) / 1.055 + 0.055 / 1.055) ** 2.4
    )
    if space == LAB:
        light = _lab(light)
    return light.astype(np.float32, copy=False)


def from_space(colours: Colours, space: int) -> Colours:
    """The way back."""
    if space == PERCEPTUAL:
        return colours
    light = _light(colours) if space == LAB else colours
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)
    return curved.astype(np.float32, copy=False)


def _lab(light: Colours) -> Colours:
    share = _TO_XYZ @ light / _WHITE
    x, y, z = np.where(share > _EDGE, np.cbrt(share), (_SLOPE * share + 16) / 116)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _light(lab: Colours) -> Colours:
    y = (lab[0] + 16) / 116
    roots = np.stack([y + lab[1] / 500, y, y - lab[2] / 200])
    share = np.where(roots**3 > _EDGE, roots**3, (116 * roots - 16) / _SLOPE)
    light: Colours = _FROM_XYZ @ (share * _WHITE)
    return light
