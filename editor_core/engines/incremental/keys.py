"""Where diffusion words become cache keys, and nowhere else.

A space is named by the digest of everything that decides the run's activations. So a run with another model, prompt,
seed, step count, guidance, size, parent or region never finds entries that are not its own: a mismatch is a miss.
"""

import hashlib
import json

import numpy as np

from cache import CacheKey
from editor_core.messages.run import DEFAULT_SAMPLER, RunSpec
from editor_core.models.bundle import ModelBundle
from editor_core.models.prompts import digest_of_inversions


def run_space(spec: RunSpec, bundle: ModelBundle | None = None) -> str:
    """Name the space of a run. bundle: whose textual inversions its words may be; None where they are none."""
    words = [
        spec.fingerprint,
        spec.method,
        spec.prompt,
        spec.negative,
        spec.seed,
        spec.steps,
        spec.guidance,
        list(spec.latent_size),
        spec.parent,
        dict(spec.parameters),
    ]
    if spec.sampler != DEFAULT_SAMPLER:  # spaces that were named before there was a choice keep their names
        words.append(spec.sampler)
    if spec.strength != 1:
        words.append({"strength": spec.strength})
    if bundle is not None and (inversions := digest_of_inversions(bundle, spec.prompt, spec.negative)):
        words.append(inversions)
    digest = hashlib.blake2b(json.dumps(words, sort_keys=True).encode(), digest_size=16)
    if spec.region is not None:
        digest.update(np.packbits(spec.region.astype(bool)).tobytes())
    if spec.begins is not None:
        digest.update(spec.begins.tobytes())
    return digest.hexdigest()


def picture_digest(image: np.ndarray) -> str:
    """Stands in for the seed of a picture that was opened rather than made. image: uint8 (H, W, 3)."""
    return hashlib.blake2b(np.ascontiguousarray(image).tobytes(), digest_size=16).hexdigest()


def of_painting(painted: np.ndarray | None) -> dict[str, str]:
    """What stands in a run's parameters for a picture, uint8 (H, W, 3), that was painted over before an edit."""
    return {} if painted is None else {"painted": picture_digest(painted)}


def map_key(space: str, step: int, site: str) -> CacheKey:
    """The cross-attention map of the conditional half at ``site`` in ``step``."""
    return CacheKey(space, step, f"map/{site}")


def answer_key(space: str, step: int) -> CacheKey:
    """What the network said in ``step`` of a whole run's words alone, raw, (1, C, h, w)."""
    return CacheKey(space, step, "answer")


def flat_space(space: str) -> str:
    """Where the whole of what a chain of turns holds is kept, ``space`` being the newest."""
    return f"{space}-flat"


def is_activation(key: CacheKey) -> bool:
    """Whether a key is one of ``activation_key``."""
    return key.slot.startswith(activation_slot(""))


def activation_slot(site: str) -> str:
    """The 2 counts what the records of a step are: others are then not found, and computed again."""
    return f"unet2/{site}"


def activation_key(space: str, step: int, site: str) -> CacheKey:
    """What the U-Net left at ``site`` in ``step``."""
    return CacheKey(space, step, activation_slot(site))


def shared_key(space: str, step: int, site: str, half: str) -> CacheKey:
    """Queries, keys and values (3, 1, N, C) of a guidance half of the turn's own words at ``site`` in ``step``."""
    return CacheKey(space, step, f"qkv/{half}/{site}")
