import json
from dataclasses import asdict

import pytest

from editor_core.messages.run import RecordingMode, RunRecord, record_from

RECORD = RunRecord(
    recording=RecordingMode.THINNED,
    painted_words="a fox",
    warmup_steps=6,
    steered_steps=2,
    guidance_every=3,
    sparsity={"margin": 1, "keys": "full"},
    levels=({"way": "rows"}, {"way": "dense"}),
    inversion="direct",
    window=(8, 16, 128, 96),
    window_turns=({"cache_space": "abc", "record": {"warmup_steps": 2}},),
)


def test_a_record_comes_back_from_json():
    assert record_from(json.loads(json.dumps(asdict(RECORD)))) == RECORD
    assert record_from({}) == RunRecord()
    assert RECORD.cache_spaces == ("abc",) and RunRecord().cache_spaces == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"recording": "some"},
        {"painted_words": 3},
        {"warmup_steps": "6"},
        {"warmup_steps": True},
        {"steered_steps": "2"},
        {"guidance_every": 0},
        {"guidance_every": 2.0},
        {"sparsity": []},
        {"levels": [3]},
        {"inversion": None},
        {"window": [1, 2, 3]},
        {"window": [1, 2, 3.0, 4]},
        {"window_turns": {}},
    ],
)
def test_values_of_the_wrong_kind_are_refused(wrong):
    with pytest.raises(ValueError):
        record_from(asdict(RECORD) | wrong)
