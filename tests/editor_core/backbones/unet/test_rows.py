"""Each kind of layer alone, against the network's own on the whole map, at odd and non-square sizes."""

import pytest
import torch
from diffusers.models.resnet import ResnetBlock2D
from torch import nn

from editor_core.backbones.rows import Keys
from editor_core.backbones.unet.block_biases import BlockBiases
from editor_core.backbones.unet.group_norm import apply_statistics
from editor_core.backbones.unet.level_norms import LevelNorms, epsilons, moments_site, statistics_site
from editor_core.backbones.unet.maps import rows_over_recorded
from editor_core.backbones.unet.recording import (
    RecordKind,
    norm_sites,
    position_major,
    record_sites,
    recording,
)
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import RowTransformer, encode_text, plan_keys
from editor_core.backbones.unet.row_norm import RowNorm
from editor_core.backbones.unet.rows import (
    RowConv,
    RowDownsample,
    RowOutput,
    RowResnet,
    StepContext,
    matrix_weight,
)
from editor_core.models.conditioning import Conditioning
from support.recorded_steps import RecordedStep
from support.unets import tiny_unet

NORMS = (RecordKind.NORM, RecordKind.MOMENTS)
SIZES = [(13, 10), (5, 8)]
PRECISIONS = [(torch.float32, 1e-5), (torch.bfloat16, 0.05), (torch.float16, 5e-3)]


class Fixture:
    """A layer's recorded call on a random map, and what the layer on rows needs to do the same."""

    def __init__(self, kind, dtype, size, batch):
        self.unet = tiny_unet(kind, dtype)
        generator = torch.Generator().manual_seed(2)
        self.generator, self.size, self.batch = generator, size, batch
        mask = torch.rand(size, generator=generator) < 0.25
        mask[1, 2] = True
        self.region = plan_region(mask, 4)
        self.text = self.random(batch, 7, 12)
        self.time = self.random(batch, 4 * self.unet.config.block_out_channels[0])
        self.record = RecordedStep()
        self.norms = ()
        self.words = encode_text(self.unet, Conditioning(self.text))

    def random(self, *shape):
        return torch.randn(shape, generator=self.generator).to(self.unet.dtype)

    def map(self, channels, level=0):
        plan = self.region.levels[level]
        return self.random(self.batch, channels, plan.height, plan.width)

    def recorded(self, call, *norms):
        """Run the network's own layer, which has these norms, while recording."""
        self.norms = norms
        sites = [site for site in record_sites(self.unet) if site.kind not in NORMS]
        sites += norm_sites(0, norms) if norms else ()
        with recording(sites, self.record.tensors.__setitem__, self.unet.dtype):
            return call()

    @property
    def step(self):
        plan, norms = self.region.levels[0], []
        if self.norms:
            statistics = self.record.read(statistics_site(0), None)
            moments = self.record.read(moments_site(0), plan.fewer) if len(plan.fewer) else None
            epsilon = epsilons(self.norms, statistics.device)
            sizes = len(plan.active), plan.height * plan.width
            norms = [LevelNorms(self.norms, statistics, moments, *sizes, epsilon)]
        biases = BlockBiases(
            self.unet, [each for each in self.unet.modules() if isinstance(each, ResnetBlock2D)]
        )
        return StepContext(self.record.read, None, self.time, self.words, norms, biases(self.time))

    def rows(self, feature_map, level=0):
        return position_major(feature_map, feature_map.dtype)[:, self.region.levels[level].active]

    def conv(self, site, conv, level=0, box=False):
        plan = self.region.levels[level]
        return RowConv(site, conv, plan.active, plan.same, plan.box if box else None)

    def norm(self, index, activation=None):
        return RowNorm(self.norms[index], 0, index, activation=activation)


def assert_alike(got, expected, tolerance):
    error = (got.double() - expected.double()).norm() / expected.double().norm()
    assert got.dtype is expected.dtype
    assert error < tolerance


@pytest.fixture(params=PRECISIONS, ids=["float32", "bfloat16", "float16"])
def precision(request):
    return request.param


@pytest.fixture(params=[(size, batch) for size in SIZES for batch in (1, 2)])
def shape(request):
    return request.param


@pytest.mark.parametrize("box", [False, True])
def test_input_convolution(precision, shape, box):
    dtype, tolerance = precision
    given = Fixture("default", dtype, *shape)
    x = given.map(8)
    expected = given.recorded(lambda: given.unet.conv_in(x))
    got = given.conv("conv_in", given.unet.conv_in, box=box)(given.rows(x), given.step)
    assert_alike(got, given.rows(expected), tolerance)


@pytest.mark.parametrize("box", [False, True])
@pytest.mark.parametrize("name", ["down_blocks.0.resnets.0", "up_blocks.3.resnets.0"])
def test_residual_block_with_and_without_shortcut(precision, shape, name, box):
    dtype, tolerance = precision
    given = Fixture("sd1", dtype, *shape)
    block = given.unet.get_submodule(name)
    assert (block.conv_shortcut is None) == name.startswith("down")
    x = given.map(block.in_channels)
    expected = given.recorded(lambda: block(x, given.time), block.norm1, block.norm2)
    conv1, conv2 = (given.conv(f"{name}.conv{n}", getattr(block, f"conv{n}"), box=box) for n in (1, 2))
    norms = [given.norm(index, block.nonlinearity) for index in (0, 1)]
    got = RowResnet(block, norms[0], conv1, norms[1], conv2)(given.rows(x), given.step)
    assert_alike(got, given.rows(expected), tolerance)


@pytest.mark.parametrize("kind", ["sd1", "sd2"])  # projection by 1x1 convolutions and by linear layers
def test_transformer_with_self_and_cross_attention_and_feed_forward(precision, shape, kind):
    dtype, tolerance = precision
    given = Fixture(kind, dtype, *shape)
    name = "down_blocks.0.attentions.0"
    block = given.unet.get_submodule(name)
    x = given.map(block.in_channels)
    expected = given.recorded(
        lambda: block(x, encoder_hidden_states=given.text, return_dict=False)[0], block.norm
    )
    plan = given.region.levels[0]
    keys = plan_keys(plan, Keys.FULL)
    got = RowTransformer(name, block, given.norm(0), plan.active, keys)(given.rows(x), given.step)
    assert_alike(got, given.rows(expected), tolerance)


def test_downsampler(precision, shape):
    dtype, tolerance = precision
    given = Fixture("sd1", dtype, *shape)
    name = "down_blocks.1.downsamplers.0"
    module = given.unet.get_submodule(name)
    x = given.map(module.channels, level=1)
    expected = given.recorded(lambda: module(x))
    hood = given.region.transitions[1].down
    conv = RowConv(f"{name}.conv", module.conv, given.region.levels[1].active, hood)
    got = RowDownsample(name, conv, given.region.levels[2].active)(given.rows(x, 1), given.step)
    assert_alike(got, given.rows(expected, 2), tolerance)


def test_upsampler(precision, shape):
    dtype, tolerance = precision
    given = Fixture("sd1", dtype, *shape)
    name = "up_blocks.2.upsamplers.0"
    module = given.unet.get_submodule(name)
    x = given.map(module.channels, level=1)
    expected = given.recorded(lambda: module(x, given.size))
    conv = RowConv(name, module.conv, given.region.levels[1].active, given.region.transitions[0].up)
    assert_alike(conv(given.rows(x, 1), given.step), given.rows(expected), tolerance)


def test_output(precision, shape):
    dtype, tolerance = precision
    given = Fixture("sd1", dtype, *shape)
    unet = given.unet
    x = given.map(unet.conv_out.in_channels)
    expected = given.recorded(lambda: unet.conv_out(unet.conv_act(unet.conv_norm_out(x))), unet.conv_norm_out)
    conv = given.conv("conv_out", unet.conv_out)
    got = RowOutput(given.norm(0, unet.conv_act), conv)(given.rows(x), given.step)
    assert_alike(got, given.rows(expected), tolerance)


def test_norm_is_calculated_in_float32():
    norm = nn.GroupNorm(2, 4, eps=0).requires_grad_(False)
    nn.init.constant_(norm.weight, 1000.0)
    rows = torch.full((1, 3, 4), 300.0, dtype=torch.float16)
    mean, variance = torch.full((1, 2), 299.99), torch.ones(1, 2)  # 1000 · 299.99 is no half
    expected = torch.full_like(rows, 10.0)
    torch.testing.assert_close(apply_statistics(norm, rows, mean, variance), expected, rtol=0.01, atol=0)


def test_channels_last_weights_are_used_in_place():
    conv = nn.Conv2d(3, 5, 3)
    assert matrix_weight(conv).data_ptr() != conv.weight.data_ptr()
    conv.to(memory_format=torch.channels_last)
    assert matrix_weight(conv).data_ptr() == conv.weight.data_ptr()


def test_strided_keys_stand_for_the_ones_left_out():
    plan = plan_region(torch.zeros(32, 24, dtype=torch.bool), 1).levels[0]
    keys = plan_keys(plan, Keys.STRIDED)
    assert len(keys.read) == 16 * 12 and keys.weight == 4
    small = plan_region(torch.zeros(16, 24, dtype=torch.bool), 1).levels[0]
    assert len(plan_keys(small, Keys.STRIDED).read) == 16 * 24
    assert len(plan_keys(plan, Keys.ACTIVE).read) == 0


def test_rows_are_written_over_a_copy_of_the_recorded_map():
    plan = plan_region(torch.eye(3, 4, dtype=torch.bool), 1).levels[0]
    recorded = torch.zeros(1, 12, 2, dtype=torch.float16)
    feature_map = rows_over_recorded(torch.ones(1, 3, 2), recorded, plan)
    assert torch.equal(feature_map[0, 0], torch.eye(3, 4))
    assert not recorded.any()
