"""Colours from a file's own profile to sRGB, in which everything here works, and back for an export.

A profile is known by what it does to colours, never by its name.
"""

import functools
import io

import numpy as np
from PIL import Image, ImageCms

_LEVELS = 9  # a side of the cube of colours that two profiles are compared by
_MAX_DIFFERENCE = 1  # levels of 255 that rounding makes
_MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}  # of colour spaces as profiles name them
_PROFILE_ERRORS = (ImageCms.PyCMSError, OSError, ValueError)


def is_srgb(profile: bytes) -> bool:
    """Whether colours in this profile look as they would in sRGB."""
    cube = np.linspace(0, 255, _LEVELS).round().astype(np.uint8)
    probe = np.stack(np.meshgrid(cube, cube, cube), -1).reshape(_LEVELS, -1, 3)
    try:
        transform = _transform(profile, True, "RGB")
        seen = np.asarray(ImageCms.applyTransform(Image.fromarray(probe), transform))
    except _PROFILE_ERRORS:
        return False
    return int(np.abs(seen.astype(int) - probe).max()) <= _MAX_DIFFERENCE


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """An RGB, L or CMYK picture without transparency in sRGB, as RGB; None where the profile does not fit it."""
    try:
        wanted = _MODES.get(_space(profile), "")
        if image.mode != wanted and not (wanted == "L" or image.mode in ("L", "RGB")):
            return None
        if not wanted:
            return None
        if wanted == "RGB" and is_srgb(profile):
            return image.convert("RGB")
        return ImageCms.applyTransform(image.convert(wanted), _transform(profile, True, wanted))
    except _PROFILE_ERRORS:
        return None


def from_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """An RGB picture as the profile has its colours; None where it is none of RGB colours."""
    try:
        if _space(profile) != "RGB ":
            return None
        return ImageCms.applyTransform(image, _transform(profile, False, "RGB"))
    except _PROFILE_ERRORS:
        return None


def name_of(profile: bytes) -> str:
    """What a profile calls itself; empty where it says nothing."""
    try:
        return ImageCms.getProfileDescription(_opened(profile)).strip()[:80]
    except _PROFILE_ERRORS:
        return ""


def srgb_profile() -> bytes:
    """A profile that says sRGB, for formats that have no other word for it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _opened(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def _space(profile: bytes) -> str:
    return str(_opened(profile).profile.xcolor_space)


@functools.lru_cache(maxsize=16)
def _transform(profile: bytes, to: bool, mode: str) -> ImageCms.ImageCmsTransform:
    """To sRGB, or from it; relative colorimetric with black point compensation, as painting programs do."""
    own, srgb = _opened(profile), ImageCms.createProfile("sRGB")
    source, target = (own, srgb) if to else (srgb, own)
    return ImageCms.buildTransform(
        source,
        target,
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
