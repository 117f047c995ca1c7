"""What the autoencoder learns, whole or its decoder alone: crops of scenes, near the truth and crisp."""

import copy
from typing import Any

import torch
from diffusers import AutoencoderDC
from torch import Tensor, nn
from torch.nn import functional as F

from critic import PatchCritic, critics_loss, decoders_losses
from device_scenes import DeviceScenes
from networks import build_autoencoder
from replay import Replay, Samples
from runs import autocast
from trainer import learning_rate, length


class Crops:
    """Crops of scenes of several sizes in turn; encoded already where the encoder does not change."""

    def __init__(self, scenes: DeviceScenes, part: dict[str, Any], encoder: AutoencoderDC | None):
        self._scenes, self._part, self._encoder = scenes, part, encoder
        self._turn = 0

    @torch.no_grad()
    def make(self, count: int) -> Samples:
        """So many crops: pixels uint8 (n, 3, side, side) and, with an encoder, their latents."""
        made = [
            self._made(min(self._part["at_once"], count - n)) for n in range(0, count, self._part["at_once"])
        ]
        return {name: torch.cat([each[name] for each in made]) for name in made[0]}

    def _made(self, count: int) -> Samples:
        sizes, side = self._part["sizes"], self._part["crop"]
        height, width = sizes[self._turn % len(sizes)]
        scale = self._part["scales"][self._turn % len(sizes)]
        self._turn += 1
        pixels = cropped(self._scenes.batch(count, (height, width), scale).pixels, side)
        samples = {"pixels": ((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)}
        if self._encoder is not None:
            with autocast(pixels.device):
                latents = self._encoder.encode(unit(samples["pixels"])).latent
            samples["latents"] = latents.to(torch.bfloat16)
        return samples


def cropped(pixels: Tensor, side: int) -> Tensor:
    """A square of each picture (n, C, H, W) at a place of its own, (n, C, side, side)."""
    count, _, height, width = pixels.shape
    top, left = (
        (torch.rand(count, device=pixels.device) * (extent - side + 1)).long() for extent in (height, width)
    )
    along = torch.arange(side, device=pixels.device)
    samples = torch.arange(count, device=pixels.device)[:, None, None]
    rows, columns = top[:, None, None] + along[:, None], left[:, None, None] + along
    return pixels.movedim(1, -1)[samples, rows, columns].movedim(-1, 1)


def unit(pixels: Tensor) -> Tensor:
    """Pictures uint8 as float32 in -1..1."""
    return pixels.float() / 127.5 - 1


def reconstruction_loss(decoded: Tensor, target: Tensor) -> Tensor:
    """Squared error, a little absolute error, and the absolute error of the gradients, which keeps edges."""
    slopes = sum(F.l1_loss(decoded.diff(dim=axis), target.diff(dim=axis)) for axis in (-1, -2))
    return F.mse_loss(decoded, target) + 0.1 * F.l1_loss(decoded, target) + 0.3 * slopes


def deepened(model: AutoencoderDC, layers: list[int]) -> AutoencoderDC:
    """The autoencoder with so many layers at each level of its decoder; the new ones begin by changing nothing."""
    deeper = AutoencoderDC.from_config({**model.config, "decoder_layers_per_block": layers})
    known = model.state_dict()
    found = deeper.load_state_dict(known, strict=False)
    if found.unexpected_keys:
        raise SystemExit("A decoder cannot be given fewer layers than it has.")
    with torch.no_grad():
        for name, parameter in deeper.named_parameters():
            if name not in known and ".norm." in name:
                parameter.zero_()
    return deeper


class AutoencoderTrainer:
    """An autoencoder in training, whole or its decoder alone, its average, and the critic of its pictures."""

    names = ("squared error", "critic")

    def __init__(
        self, settings: dict[str, Any], model: AutoencoderDC, decoder_only: bool, device: torch.device
    ):
        self.settings, self.device, self.decoder_only = settings, device, decoder_only
        self.model = model.to(device, memory_format=torch.channels_last).train()
        self.model.encoder.requires_grad_(not decoder_only)
        self.trained = list((self.model.decoder if decoder_only else self.model).parameters())
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.averaged = list((self.average.decoder if decoder_only else self.average).parameters())
        self.critic = PatchCritic(settings["critic"]).to(device, memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.trained, weight_decay=1e-4, betas=(0.9, 0.99), fused=True)
        self.critics_optimiser = torch.optim.AdamW(self.critic.parameters(), betas=(0.5, 0.9), fused=True)
        self.updates = self.samples = 0

    def decode(self, pixels: Tensor, latents: Tensor | None) -> Tensor:
        """The pictures of latents with a little noise, so that sampled latents decode without speckles."""
        if latents is None:
            latents = self.model.encode(pixels).latent
        strength = (
            self.settings["latent_noise"] * torch.rand(len(latents), 1, 1, 1, device=self.device).square()
        )
        noise = torch.randn_like(latents) * strength / self.model.config.scaling_factor
        decoded: Tensor = self.model.decode(latents + noise).sample
        return decoded

    def step(self, batch: Samples, fraction: float) -> Tensor:
        """One step when a fraction of the time is spent; the squared error and the critic's loss."""
        rate = learning_rate(self.settings, self.updates, fraction)
        for optimiser, share in (
            (self.optimiser, 1.0),
            (self.critics_optimiser, self.settings["critics_rate"]),
        ):
            for group in optimiser.param_groups:
                group["lr"] = rate * share
        target = unit(batch["pixels"]).contiguous(memory_format=torch.channels_last)
        with autocast(self.device):
            decoded = self.decode(target, batch.get("latents")).float()
        seen = decoded.detach().requires_grad_()
        slope = slope_of(reconstruction_loss(seen, target), seen)
        doubt = torch.zeros((), device=self.device)
        if self.settings["adversarial"] and fraction >= self.settings["adversarial_from"]:
            crisp, doubt = self.critics_step(seen, target)
            push = self.settings["adversarial"] * slope.norm() / crisp.norm().clamp_min(1e-12)
            slope = slope + push * crisp
        self.optimiser.zero_grad()
        decoded.backward(slope)
        nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        self.updates += 1
        self.samples += length(batch)
        decay = min(self.settings["average"], (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(self.averaged, self.trained, 1 - decay)
        return torch.stack([F.mse_loss(decoded.detach(), target), doubt])

    def critics_step(self, decoded: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Where the critic and its features would push decoded pictures; then the critic learns, too."""
        with autocast(self.device):
            self.critic.requires_grad_(False)
            true = self.critic(target)
            adversarial, distance = decoders_losses(true, self.critic(decoded))
            crisp = slope_of(adversarial + self.settings["matching"] * distance, decoded)
            self.critic.requires_grad_(True)
            loss = critics_loss(self.critic(target), self.critic(decoded.detach()))
        self.critics_optimiser.zero_grad()
        loss.backward()
        self.critics_optimiser.step()
        return crisp, loss.detach()

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds; `model` is the average, ready for use."""
        return {
            "config": dict(self.average.config),
            "model": self.average.state_dict(),
            "trained": self.model.state_dict(),
            "critic": self.critic.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "critics_optimiser": self.critics_optimiser.state_dict(),
            "decoder_only": self.decoder_only,
            "updates": self.updates,
            "samples": self.samples,
        }

    def resume(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint; from one of another kind of training only the weights are taken."""
        if state.get("decoder_only") is not self.decoder_only:
            return
        self.average.load_state_dict(state["model"])
        self.model.load_state_dict(state["trained"])
        self.critic.load_state_dict(state["critic"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.critics_optimiser.load_state_dict(state["critics_optimiser"])
        self.updates, self.samples = state["updates"], state["samples"]


def slope_of(loss: Tensor, pictures: Tensor) -> Tensor:
    """How a loss rises with each pixel."""
    pictures.grad = None
    loss.backward()
    assert pictures.grad is not None
    return pictures.grad


@torch.no_grad()
def standardise(model: AutoencoderDC, pixels: Tensor) -> None:
    """Set the scaling factor so that the latents of pictures, uint8 (n, 3, H, W), have standard deviation 1."""
    latents = torch.cat([model.encode(unit(part).to(model.device)).latent for part in pixels.split(8)])
    model.register_to_config(scaling_factor=round(1 / latents.std().item(), 5))


def crops_of(trainer: AutoencoderTrainer, scenes: DeviceScenes) -> Replay:
    """Crops for a trainer."""
    part = trainer.settings
    crops = Crops(scenes, part, trainer.average if trainer.decoder_only else None)
    return Replay(crops.make, part["store"], part["start"], part["fresh"])


def start(settings: dict[str, Any], found: AutoencoderDC | None, decoder_only: bool) -> AutoencoderDC:
    """The autoencoder to train: the one that was found, for the decoder alone with more layers, or a new one."""
    if found is None:
        return build_autoencoder(settings)
    return deepened(found, settings["decoder_layers"]) if decoder_only else found
