"""Messages on their way: large arrays apart from the rest, each once; everything as it was."""

from types import MappingProxyType

import numpy as np

from editor_core.messages.requests import BaseTurn, Edit, Generate
from editor_core.remote.packing import pack_read_only_mappings, packed, unpacked

pack_read_only_mappings()


def test_large_arrays_travel_apart_each_once_and_small_ones_with_the_rest():
    large, small = np.arange(2**16, dtype=np.uint8), np.arange(4)
    message, arrays = packed({"a": large, "b": [large, small], "words": "a cat"})
    assert len(arrays) == 1 and arrays[0] is large
    assert len(message) < 1000
    opened = unpacked(message, [large.copy()])
    assert np.array_equal(opened["a"], large) and opened["a"] is opened["b"][0]
    assert np.array_equal(opened["b"][1], small) and opened["words"] == "a cat"


def test_object_arrays_and_views_come_as_they_are():
    objects = np.array([{"a": 1}] * 20_000, object)
    view = np.arange(2**18, dtype=np.float32).reshape(512, 512)[::2, ::2]
    message, arrays = packed((objects, view))
    assert len(arrays) == 1
    again, strided = unpacked(message, arrays)
    assert again[0] == {"a": 1} and np.array_equal(strided, view)


def test_request_with_read_only_mappings_arrives_read_only():
    trajectory = np.zeros((5, 4, 64, 64), np.float32)
    base = BaseTurn("a cat", "", 1, 4, 5.0, "generate", "f", np.zeros((8, 8, 3), np.uint8), None, {}, "space")
    edit = Edit((base, base), "a dog", None, parameters=MappingProxyType({"seed": 1, "held": trajectory}))
    message, arrays = packed(edit)
    opened = unpacked(message, arrays)
    assert isinstance(opened.parameters, MappingProxyType) and opened.parameters["seed"] == 1
    assert opened.parameters["held"] is trajectory and opened.base is opened.lineage[0]
    assert vars(unpacked(*packed(Generate("a cat")))) == vars(Generate("a cat"))
