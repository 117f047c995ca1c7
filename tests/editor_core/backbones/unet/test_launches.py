"""How many kernels a step launches on a card: what a step of few rows takes there is decided by little else.

Counted for a tiny U-Net of Stable Diffusion 2.1's structure, which has as many layers. Where a number is passed,
something that saves launches was taken out; who needs fewer lowers it.
"""

import copy

import pytest
import torch

from editor_core.backbones.unet.joined_weights import join_weights
from editor_core.backbones.unet.leaves import with_tensors
from editor_core.backbones.unet.recording import record_sites, recording
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.models.conditioning import Conditioning
from support.launches import count_launches
from support.unets import random_inputs, tiny_unet

SIZE = (24, 20)


class Step:
    """What steps on a card are given, without the data."""

    def __init__(self, joined: bool = True) -> None:
        unet = copy.deepcopy(tiny_unet("sd2")).half().to("meta").to(memory_format=torch.channels_last)
        if joined:
            join_weights(unet)
        self.unet, self.time = unet, torch.empty((), device="meta")
        self.latents, self.words = (each.half().to("meta") for each in random_inputs(unet, *SIZE))
        self.record: dict[str, torch.Tensor] = {}

    def dense(self) -> None:
        self.unet(self.latents, self.time, self.words, return_dict=False)

    def recording(self) -> None:
        with recording(record_sites(self.unet), self.record.__setitem__, pictures=1):
            self.dense()

    def sparse(self, box: bool, emits: bool) -> int:
        """Launches of a step that reads, or also emits; reading the record is not among them."""
        mask = torch.zeros(SIZE, dtype=torch.bool)
        mask[3:9, 4:11] = True
        region = with_tensors(plan_region(mask, 4, (1,), bucketed=True), lambda plan: plan.to("meta"))
        step = SparseStep(self.unet, region, choice=Choice(4, (box,) * 4))
        rows = self.latents.new_empty(1, len(region.active), self.latents.shape[1])
        with torch.no_grad():
            self.recording()
            text = encode_text(self.unet, Conditioning(self.words))
            recorded = {
                site: self.record[site] if rows is None else self.record[site].index_select(1, rows)
                for site, rows in step.reads()
            }
        emit = (lambda *_: None) if emits else None
        return count_launches(
            lambda: step(rows, self.time, text, lambda site, _: recorded[site], emit)
        ).total()


@pytest.fixture(scope="module")
def step():
    return Step()


@pytest.mark.parametrize(
    ("box", "emits", "most"), [(False, False, 1123), (True, False, 1201), (False, True, 1212)]
)
def test_a_sparse_step_launches_few_kernels(step, box, emits, most):
    assert step.sparse(box, emits) <= most


def test_joined_weights_save_their_launches(step):
    apart, together = (each.sparse(box=False, emits=False) for each in (Step(joined=False), step))
    assert apart - together == 2 * 16 + 21  # queries, keys and values; times


def test_recording_launches_a_tenth_more_than_a_plain_step(step):
    dense, recorded = (count_launches(call).total() for call in (step.dense, step.recording))
    assert recorded - dense <= 114 and recorded < 1.15 * dense
