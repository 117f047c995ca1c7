"""The same model at another place on another computer."""

import shutil

import pytest

from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice
from editor_core.messages.requests import LoadModel
from editor_core.remote.models_here import WantedModel, found_here, wanted_elsewhere
from support.tiny_models import tiny_folder


@pytest.fixture(scope="module")
def model():
    return tiny_folder("default")


def test_model_is_found_by_its_fingerprint_wherever_it_lies(model, tmp_path):
    wanted = wanted_elsewhere(LoadModel(str(model)))
    there = shutil.copytree(model, tmp_path / "another name")
    gone = WantedModel(LoadModel("/on/the/client/only"), wanted.fingerprint)
    found = found_here(gone, ["/nowhere", str(tiny_folder("sd1")), str(there)], "cpu")
    assert found == LoadModel(str(there), "cpu")


def test_another_model_at_the_same_place_is_not_taken_for_it(model):
    wanted = WantedModel(
        LoadModel(str(tiny_folder("sd1"))), wanted_elsewhere(LoadModel(str(model))).fingerprint
    )
    with pytest.raises(ModelError, match="does not have the model"):
        found_here(wanted, [], "cpu")


def test_the_shipped_model_is_everywhere():
    assert found_here(wanted_elsewhere(LoadModel()), [], "cpu") == LoadModel(device="cpu")


def test_lora_that_is_not_there_is_named(model):
    wanted = WantedModel(LoadModel(str(model), loras=(LoraChoice("/on/the/client/ink.safetensors", 1.0),)))
    with pytest.raises(ModelError, match="the LoRA ink"):
        found_here(wanted, [], "cpu")
