"""A dense call takes its large blocks from memory that stays the process's; weights that stay are made outside."""

from types import SimpleNamespace

from editor_core.backbones.registry import backbone_of
from editor_core.backbones.unet import backbone as unet_backbone
from editor_core.base import heap
from support.tiny_models import tiny_bundle


def test_a_dense_call_is_within_and_its_weights_were_laid_out_before(monkeypatch):
    inside = {}
    monkeypatch.setattr(unet_backbone, "lay_out", lambda network: inside.update(layout=heap._inside))
    monkeypatch.setattr(unet_backbone.network, "predict", lambda *_: inside.update(call=heap._inside))
    monkeypatch.setattr(heap, "_libc", SimpleNamespace(mallopt=lambda *_: None))
    backbone_of(tiny_bundle("sd1").unet).predict(None, 0, None)
    assert inside == {"layout": 0, "call": 1} and heap._inside == 0
