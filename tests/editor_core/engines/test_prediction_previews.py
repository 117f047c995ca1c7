"""The same picture for each thing that a model may predict, and the model in use again afterwards."""

import numpy as np
import pytest

from editor_core.base.settings import Settings
from editor_core.engines.generate import generate
from editor_core.engines.prediction_previews import SEED, STEPS, preview_predictions
from editor_core.messages.requests import Generate, LoadModel, PreviewPredictions, Sampling
from editor_core.models.remembered_predictions import KINDS, TO_PURE_NOISE
from editor_core.session.session import Session
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle, tiny_folder


@pytest.mark.parametrize(("family", "own"), [("sd1", "epsilon"), ("sd2", "v_prediction")])
def test_the_right_one_is_the_models_own_picture(family, own):
    bundle = tiny_bundle(family)
    with context_for(bundle) as context:
        found = preview_predictions(PreviewPredictions("", "a red cat"), context).pictures
        sampling = Sampling(SEED, STEPS, bundle.default_guidance)
        plain = generate(Generate("a red cat", *bundle.default_size, sampling), context, SEED).image
    assert tuple(found) == KINDS
    assert np.abs(found[own].astype(int) - plain).max() <= 1
    assert len({picture.tobytes() for picture in found.values()}) == 3
    assert found[TO_PURE_NOISE].dtype == np.uint8 and not found[own].flags.writeable


def test_the_model_in_use_comes_back(tmp_path):
    emitted = []
    with Session(
        Settings(model=str(tiny_folder("sd1")), device="cpu", cache_folder=str(tmp_path))
    ) as session:
        before = session.run(0, LoadModel(str(tiny_folder("sd1")), "cpu"), emitted.append)
        found = session.run(1, PreviewPredictions(str(tiny_folder("sd2"))), emitted.append)
        assert found.source == str(tiny_folder("sd2"))
        made = session.run(2, Generate("a red cat", 64, 64, Sampling(1, 1)), emitted.append)
    assert made.fingerprint == before.fingerprint
