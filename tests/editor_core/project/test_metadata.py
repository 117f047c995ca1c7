"""What an exported picture says, read back by the rules that other programs follow."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.project.metadata import Provenance, parameters_line, provenance
from support.documents import make_turn


def automatic1111(text: str) -> tuple[str, str, dict[str, str]]:
    """A reader of our own, by the grammar of the web UI: prompt, negative prompt, values."""
    *lines, last = text.strip().split("\n")
    pairs = re.findall(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)', last)
    if len(pairs) < 3:
        lines, pairs = [*lines, last], []
    prompt: list[str] = []
    negative: list[str] = []
    part = prompt
    for line in lines:
        if line.strip().startswith("Negative prompt:"):
            part, line = negative, line.strip()[16:].strip()
        part.append(line)
    return "\n".join(prompt).strip(), "\n".join(negative).strip(), dict(pairs)


def sd_prompt_reader(text: str) -> tuple[str, str, str]:
    """Another reader, which cuts at words: prompt, negative prompt, the rest."""
    head, _, values = text.rpartition("\nSteps:")
    prompt, _, negative = head.partition("\nNegative prompt:")
    return prompt, negative.strip(), f"Steps:{values}"


def test_the_usual_line():
    turn = make_turn(5, prompt="a fox", negative="blurry", seed=41, guidance=7.0, model="Picture Book")
    prompt, negative, values = automatic1111(parameters_line(turn))
    assert (prompt, negative) == ("a fox", "blurry")
    assert list(values)[:6] == ["Steps", "Sampler", "CFG scale", "Seed", "Size", "Model hash"]
    assert values["CFG scale"] == "7" and values["Seed"] == "41" and values["Size"] == "200x150"
    assert values["Model hash"] == "0123456789" and values["Model"] == "Picture Book"
    assert "Edit" not in values and values["Version"].startswith("Palimpsest ")


def test_an_edit_names_its_method_and_unknown_things_are_left_out():
    first = make_turn(1)
    turn = make_turn(2, first, method="fisedit", fingerprint="tiny model", model="", negative="")
    _, negative, values = automatic1111(parameters_line(turn))
    assert negative == "" and values["Edit"] == "fisedit"
    assert "Model" not in values and "Model hash" not in values and "None" not in parameters_line(turn)


hard_texts = st.lists(
    st.sampled_from(
        [
            "a fox",
            "Steps: 5",
            "Negative prompt: x",
            "negative PROMPT: y",
            "a, b: c",
            "\n",
            "\r\n",
            '"q',
            "\0",
            "дом",
        ]
    )
    | st.text(max_size=8),
    max_size=6,
).map("".join)


@settings(deadline=None)
@given(prompt=hard_texts, negative=hard_texts, model=hard_texts, method=hard_texts)
def test_no_words_can_break_the_readers(prompt: str, negative: str, model: str, method: str):
    turn = make_turn(
        2, make_turn(1, size=(2, 2)), (2, 2), prompt=prompt, negative=negative, model=model, method=method
    )
    text = parameters_line(turn)
    read_prompt, read_negative, values = automatic1111(text)
    assert read_prompt and "Negative prompt:" not in read_prompt + read_negative
    assert (values["Steps"], values["Sampler"], values["Seed"]) == ("20", "DDIM", "2")
    assert text.split("\n")[-1].startswith("Steps: ") and text.count("\nSteps:") == 1
    words = re.sub(r"\W", "", prompt.replace("\0", ""))
    assert re.sub(r"\W", "", read_prompt) == words or not words
    cut_prompt, cut_negative, rest = sd_prompt_reader(text)
    assert cut_prompt.strip() == read_prompt and cut_negative == read_negative
    assert rest == text.split("\n")[-1]


def test_an_empty_prompt_has_a_stand_in():
    assert parameters_line(make_turn(1, prompt="  \n ")).startswith("-\nSteps:")


def test_what_was_not_sampled_has_no_line():
    opened = make_turn(1, method="open", steps=0)
    assert provenance([opened]).parameters == "" and provenance([opened]).xmp == ""
    assert provenance([]) == Provenance()
    painted = make_turn(2, opened, method="paint", steps=0)
    assert provenance([opened, painted]).xmp == ""


def test_the_chain_is_told_in_full():
    first = make_turn(1)
    second = make_turn(2, first, method="fisedit")
    told = json.loads(provenance([first, second]).edit)
    assert told["format"] == 1 and [turn["id"] for turn in told["turns"]] == [first.id, second.id]
    assert told["turns"][1]["parent"] == first.id and told["turns"][1]["parameters"]["k"] == 10


@pytest.mark.parametrize(
    ("methods", "kind"),
    [
        (["generate"], "trainedAlgorithmicMedia"),
        (
            ["generate", "fisedit", "open", "masafusion"],
            "trainedAlgorithmicMedia",
        ),  # inverted anew on the way
        (["generate", "paint"], "compositeWithTrainedAlgorithmicMedia"),
        (["generate", "paint", "fisedit"], "compositeWithTrainedAlgorithmicMedia"),
        (["generate", "by hand"], "compositeWithTrainedAlgorithmicMedia"),
        (["open", "fisedit"], "compositeWithTrainedAlgorithmicMedia"),
    ],
)
def test_the_digital_source_type(methods: list[str], kind: str):
    made = [method for method in methods if method != "by hand"]
    chain = [make_turn(number, size=(2, 2), method=method) for number, method in enumerate(made)]
    root = ET.fromstring(provenance(chain, painted=made != methods).xmp)
    (source,) = root.iter("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
    assert source.text == f"http://cv.iptc.org/newscodes/digitalsourcetype/{kind}"
