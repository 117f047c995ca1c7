"""Batches for training: scenes made on the device, encoded there, and used more than once."""

from typing import Any

import torch
from diffusers import AutoencoderDC

from device_scenes import DeviceScenes
from replay import Replay, Samples
from runs import autocast


class EncodedScenes:
    """Scenes of one size as samples to learn from: latents, tokens, owners, masks and, with them, sketches."""

    def __init__(
        self,
        scenes: DeviceScenes,
        vae: AutoencoderDC,
        size: tuple[int, int],
        part: dict[str, Any],
        sketches: bool,
    ):
        self._scenes, self._vae, self._size = scenes, vae, size
        self._scale, self._most, self._sketches = part["scale"], part["at_once"], sketches

    @torch.no_grad()
    def make(self, count: int) -> Samples:
        """So many new samples."""
        made = [self._made(min(self._most, count - first)) for first in range(0, count, self._most)]
        return {name: torch.cat([each[name] for each in made]) for name in made[0]}

    def _made(self, count: int) -> Samples:
        scenes = self._scenes.batch(count, self._size, self._scale, self._sketches)
        device = scenes.pixels.device
        pixels = scenes.pixels.contiguous(memory_format=torch.channels_last)
        with autocast(device):
            latents = self._vae.encode(pixels).latent * self._vae.config.scaling_factor
        samples = {
            "latents": latents.to(torch.bfloat16),
            "tokens": scenes.tokens,
            "owners": scenes.owners,
            "masks": scenes.masks.to(torch.bfloat16),
        }
        if scenes.sketches is not None:
            samples["sketches"] = (scenes.sketches * 255).to(torch.uint8)
        return samples


class Draws:
    """Batches of a part: a size by its share, then samples of that size."""

    def __init__(
        self,
        scenes: DeviceScenes,
        vae: AutoencoderDC,
        part: dict[str, Any],
        seed: int,
        sketches: bool = False,
    ):
        self._batch, self._shares = part["batch"], torch.tensor(part["shares"])
        self._generator = torch.Generator().manual_seed(seed)
        self._replays = [
            Replay(
                EncodedScenes(scenes, vae, (size[0], size[1]), part, sketches).make,
                part["store"],
                part["start"],
                part["fresh"],
                part.get("renewed", 1),
            )
            for size in part["sizes"]
        ]

    def __call__(self) -> Samples:
        """The next batch."""
        chosen = int(torch.multinomial(self._shares, 1, generator=self._generator))
        return self._replays[chosen].draw(self._batch)
