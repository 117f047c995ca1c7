"""ComfyUI: the graph that was run, as JSON under ``prompt``: {id: {"inputs": {name: value or [id, number]}}}.

Nodes of any kind may stand in a graph; so nothing but the names of inputs is relied on. The picture was written by a
node with ``images``; back from there lies the sampler, which has words or a guider; back from that, the nearest node
with an input of a name says what it was, whatever stands between (LoRAs, control nets, combinations of conditions).
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from editor_core.project.words.found import (
    FoundWords,
    Texts,
    guidance_of,
    object_of,
    seed_of,
    steps_of,
    text_of,
)

Graph: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Inputs of each node by its id."""

_MAX_NODES = 10_000
_WORDS = ("positive", "conditioning")
_TEXTS = (
    "text",
    "text_g",
    "text_l",
    "clip_l",
    "t5xxl",
    "prompt",
    "string",
    "value",
    "positive",
    "wildcard_text",
)


def read(texts: Texts) -> FoundWords | None:
    graph = _graph(object_of(texts.get("prompt")))
    for sampler in _samplers(graph):
        prompt = _text_behind(graph, sampler, _WORDS)
        if prompt:
            return FoundWords(
                program="ComfyUI",
                prompt=prompt,
                negative=_text_behind(graph, sampler, ("negative",)),
                seed=seed_of(_nearest(graph, sampler, ("seed", "noise_seed"))),
                steps=steps_of(_nearest(graph, sampler, ("steps",))),
                guidance=guidance_of(_nearest(graph, sampler, ("cfg", "guidance"))),
                sampler=text_of(_nearest(graph, sampler, ("sampler_name",))),
                model=text_of(_nearest(graph, sampler, ("ckpt_name", "unet_name", "model_name"))),
            )
    return None


def _graph(told: Mapping[str, Any]) -> Graph:
    graph = {}
    for name, node in list(told.items())[:_MAX_NODES]:
        if isinstance(node, dict) and isinstance(node.get("inputs"), dict):
            graph[name] = node["inputs"]
    return graph


def _samplers(graph: Graph) -> Iterator[str]:
    """Nodes that words lead to: first those before a written picture, the nearest first."""
    written = [name for name, inputs in graph.items() if "images" in inputs]
    seen = set()
    for name in [*_back(graph, written), *graph]:
        inputs = graph[name]
        if name not in seen and ("guider" in inputs or ("positive" in inputs and "latent_image" in inputs)):
            seen.add(name)
            yield name


def _back(graph: Graph, begin: Sequence[str], only: Sequence[str] = ()) -> Iterator[str]:
    """The nodes and those that they come from, breadth first; where a node has inputs ``only``, by these alone."""
    seen, waiting = set(begin), deque(begin)
    while waiting:
        name = waiting.popleft()
        yield name
        inputs = graph[name]
        chosen = [inputs[each] for each in only if each in inputs] or list(inputs.values())
        for source in (_source(graph, value) for value in chosen):
            if source is not None and source not in seen:
                seen.add(source)
                waiting.append(source)


def _source(graph: Graph, value: object) -> str | None:
    """The node an input comes from, if it is a link."""
    is_link = isinstance(value, list) and len(value) == 2 and isinstance(value[0], str | int)
    return str(value[0]) if is_link and str(value[0]) in graph else None  # type: ignore[index]


def _nearest(graph: Graph, begin: str, names: Sequence[str]) -> object:
    """The first value under one of the names, going back from a node."""
    for node in _back(graph, [begin]):
        for name in names:
            if name in graph[node] and not isinstance(graph[node][name], list):
                return graph[node][name]
    return None


def _text_behind(graph: Graph, sampler: str, inputs: Sequence[str]) -> str:
    """The words that reach the sampler, or its guider, by one of these inputs."""
    for holder in _back(graph, [sampler], ("guider",)):
        if any(name in graph[holder] for name in inputs):
            break
    else:
        return ""
    for node in _back(graph, [holder], inputs):
        if node == holder:
            continue
        found = [text_of(graph[node].get(name)) for name in _TEXTS]
        if told := [text for number, text in enumerate(found) if text and text not in found[:number]]:
            return "\n".join(told)
    return ""
