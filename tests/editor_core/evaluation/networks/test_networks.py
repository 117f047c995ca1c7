"""DINO, LPIPS and Inception against what they are by definition, on tiny random weights in the real formats."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from editor_core.base.errors import ModelError
from editor_core.evaluation.networks.dino import Dino
from editor_core.evaluation.networks.inception import Inception
from editor_core.evaluation.networks.lpips import Lpips
from editor_core.evaluation.networks.registry import FOLDERS, Networks
from support.tiny_networks import SIDE, inception_weights


def picture(seed, side=64):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def mask(side=64):
    found = np.zeros((side, side), np.uint8)
    found[: side // 2] = 255
    return found


@torch.no_grad()
def test_lpips_is_the_papers(networks_folder):
    network = Lpips(networks_folder / "lpips")
    alex = torch.load(networks_folder / "lpips" / "alexnet-owt-7be5be79.pth")
    linear = torch.load(networks_folder / "lpips" / "alex.pth")
    layers = nn.Sequential(
        nn.Conv2d(3, 4, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(4, 4, 5, padding=2), nn.ReLU(),
        nn.MaxPool2d(3, 2), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(),
        nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(),
    )  # fmt: skip
    layers.load_state_dict({name.removeprefix("features."): value for name, value in alex.items()})
    x = torch.from_numpy(np.stack([picture(0), picture(1)])).permute(0, 3, 1, 2) / 127.5 - 1
    mean, std = torch.tensor([-0.03, -0.088, -0.188]), torch.tensor([0.458, 0.448, 0.45])
    x, expected, tap = (x - mean.view(3, 1, 1)) / std.view(3, 1, 1), 0.0, 0
    for layer in layers:
        x = layer(x)
        if isinstance(layer, nn.ReLU):
            a, b = F.normalize(x, dim=1)
            weight = linear[f"lin{tap}.model.1.weight"][0]
            expected, tap = expected + float(((a - b) ** 2 * weight).sum(0).mean()), tap + 1
    assert network.distance(picture(0), picture(1)) == pytest.approx(expected, rel=1e-4) and expected > 0
    assert network.distance(picture(0), picture(0)) == 0


def test_lpips_of_the_background_does_not_see_the_edit(networks_folder):
    before = picture(0)
    result = before.copy()
    result[:32] = 255 - result[:32]
    found = Lpips(networks_folder / "lpips").figures(before, result, mask(), result)
    assert found["background_lpips"] == 0 == found["lpips_truth"] < found["lpips"]


def test_dino_compares_tokens_and_the_keys_alike(networks_folder):
    network = Dino(networks_folder / "dino")
    before, result = picture(0, SIDE), picture(1, SIDE)
    found = network.figures(before, result, None, None)
    told = network._model
    seen = []
    layer = dict(told.named_modules())
    name = [each for each in layer if each.rsplit(".", 1)[-1] in ("key", "k_proj")][-1]
    assert "1" in name.split(".")  # of the last of both layers
    hook = layer[name].register_forward_hook(lambda _, __, out: seen.append(out[0]))
    tokens = []
    for each in (before, result):
        x = torch.from_numpy(each).permute(2, 0, 1)[None] / 255
        x = (x - torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)) / torch.tensor(
            [0.229, 0.224, 0.225]
        ).view(3, 1, 1)
        with torch.no_grad():
            tokens.append(told(x).last_hidden_state[0, 0])
    hook.remove()
    assert found["dino"] == pytest.approx(float(F.cosine_similarity(*tokens, dim=0)), abs=1e-5)
    a, b = (F.cosine_similarity(keys[:, None], keys[None], dim=-1) for keys in seen)
    assert (
        found["structure"] == pytest.approx(float(((a - b) ** 2).mean()), abs=1e-6) and found["structure"] > 0
    )
    assert network.figures(before, before, None, result)["structure"] == 0


def test_inception_reads_every_published_weight(networks_folder):
    network = Inception(networks_folder / "inception")

    class Watched(dict):
        def __getitem__(self, name):
            read.add(name)
            return super().__getitem__(name)

    read = set()
    network._weights = Watched(network._weights)
    features = network.features(picture(0))
    assert features.shape == (12,) and np.isfinite(features).all()
    assert read == set(inception_weights()) and len([name for name in read if "conv" in name]) == 94
    assert not np.allclose(features, network.features(picture(1)))


def test_inceptions_last_pool_is_of_maxima_and_the_one_before_of_means(networks_folder):
    """As published for FID, unlike torchvision's."""
    network, seen = Inception(networks_folder / "inception"), []
    last = network._e
    network._e = lambda name, x, pooled: seen.append((x, pooled)) or last(name, x, pooled)
    network.features(picture(0))
    (x, means), (y, maxima) = seen
    assert torch.equal(maxima, F.max_pool2d(y, 3, 1, 1))
    corner = x[0, :, :2, :2].mean((1, 2))  # what lies beyond the edge is not counted
    assert torch.allclose(means[0, :, 0, 0], corner)


def test_what_is_there_is_used_and_the_rest_is_named(networks_folder, tmp_path):
    (tmp_path / "lpips").symlink_to(networks_folder / "lpips")
    found = Networks.of(tmp_path)
    assert found.columns == Lpips.columns and found.left_out == [
        FOLDERS[n] for n in ("clip", "dino", "inception")
    ]
    assert Networks.of(None).columns == () and len(Networks.of(None).left_out) == 4
    whole = Networks.of(networks_folder)
    words = ("a fox", "a cat")
    told = whole.figures(picture(0), picture(1), words, mask(), picture(2))
    assert set(told) == set(whole.columns) and not whole.left_out


@pytest.mark.parametrize("network", [Dino, Lpips, Inception])
def test_a_folder_without_it_is_refused_in_a_sentence(network, tmp_path):
    (tmp_path / "x.pth").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="contains no"):
        network(tmp_path)


def test_a_folder_with_none_is_refused(tmp_path):
    with pytest.raises(ModelError, match="holds none of"):
        Networks.of(tmp_path)
