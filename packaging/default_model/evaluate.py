"""Measure an exported model: python packaging/default_model/evaluate.py --json."""

import argparse
import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from editor_core.evaluation.judge import Judge, Verdict
from torch import Tensor
from torch.nn import functional as F

from captions import plain_caption
from data import ROOT, rendered
from examples import ExampleMaker, to_unit
from export import MODEL_FOLDER
from few_step_rows import few_step_rows
from grounding import AttentionRecorder
from judge import WEIGHTS, load_judge, small_render
from peer import largest_difference
from quality import decibels, gradient_energy
from rows import Row, show_json, show_table
from sampling import Model, load_model, sample, text_states
from scenes import Scene, render, scene_of
from sketch_rows import sketch_rows
from sprites import Sprites
from tables import TABLES, Tables

SIZE = (256, 256)
HALFWAY = 500
"""The training step (of 1000) up to which attention is measured on noised renders."""


@dataclass(frozen=True)
class Counts:
    """How many pictures each measurement takes."""

    scenes: int = 96
    coloured: int = 48
    large: int = 16
    peers: int = 3


QUICK = Counts(8, 8, 2, 1)
LEAST = Counts(1, 1, 1, 1)
"""Of a model that has learned nothing, to see that all is measured."""


@dataclass(frozen=True)
class Answer:
    """Whether a picture shows what was asked for: its objects, how many of the first there should be and how many of
    all, which is where, its place, each colour that is named; and the energy of its gradients."""

    objects: bool
    count: bool
    number: bool
    related: bool
    place: bool
    colours: tuple[bool, ...]
    energy: float


@torch.no_grad()
def autoencoder_rows(model: Model, tables: Tables, sprites: Sprites, count: int) -> list[Row]:
    """PSNR on held-out scenes, and what it gains over principal components of 8x8 patches."""
    truth = to_unit(
        np.stack([rendered(seed, tables, sprites, *SIZE, held_out=True).pixels for seed in range(count)])
    )
    decoded = torch.cat([model.vae.decode(model.vae.encode(part).latent).sample for part in truth.split(4)])
    own = decibels(decoded.clamp(-1, 1), truth)
    fitted = to_unit(np.stack([rendered(seed, tables, sprites, *SIZE).pixels for seed in range(count)]))
    linear = decibels(linear_codec(fitted, truth, model.vae.config.latent_channels).clamp(-1, 1), truth)
    return [Row("vae_psnr", own, "dB", 36), Row("vae_over_linear", own - linear, "dB", 1)]


def linear_codec(fitted: Tensor, pictures: Tensor, channels: int) -> Tensor:
    """The pictures through the first principal components of the 8x8 patches of other pictures."""
    patches = F.pixel_unshuffle(fitted, 8).permute(0, 2, 3, 1).flatten(0, 2)
    mean = patches.mean(0)
    basis = torch.linalg.eigh((patches - mean).T @ (patches - mean)).eigenvectors[:, -channels:]
    coded = (F.pixel_unshuffle(pictures, 8).permute(0, 2, 3, 1) - mean) @ basis
    return F.pixel_shuffle((coded @ basis.T + mean).permute(0, 3, 1, 2), 8)


def judge_accuracy(judge: Judge, tables: Tables, sprites: Sprites, count: int) -> Iterator[Row]:
    """How often the judge is right on held-out renders."""
    for name, scenes, right in (
        ("judge_object", said_scenes(tables, count, 1), lambda answer: answer.objects),
        ("judge_place", said_scenes(tables, count, 1), lambda answer: answer.place),
        ("judge_count", numbered_scenes(tables, count), lambda answer: answer.count),
        ("judge_relation", related_scenes(tables, count), lambda answer: answer.related),
    ):
        with torch.no_grad():
            verdict = judge(to_unit(np.stack([small_render(scene, sprites) for scene in scenes])))
        found = [right(answer_to(verdict, index, scene, 0.0)) for index, scene in enumerate(scenes)]
        yield Row(name, percent(found), "%", 97)


def percent(answers: list[bool]) -> float | None:
    """The share of right answers."""
    return 100 * sum(answers) / len(answers) if answers else None


def judged_rows(
    model: Model,
    judge: Judge,
    tables: Tables,
    sprites: Sprites,
    counts: Counts,
    guidance: float,
    steps: int,
) -> list[Row]:
    """Generate from held-out captions, and ask the judge what it sees."""

    def asked(scenes: list[Scene], size: tuple[int, int] = SIZE) -> list[Answer]:
        return list(answers(model, judge, scenes, size, guidance, steps))

    plain = [said_scenes(tables, counts.scenes, number) for number in range(1, len(tables.counts))]
    several = [asked(scenes) for scenes in plain]
    coloured = asked(coloured_scenes(tables, counts.coloured))
    few = several[0] + several[1]
    renders = [render(scene, sprites, *SIZE).pixels for scene in plain[0] + plain[1]]
    energy = sum(answer.energy for answer in few) / sum(map(gradient_energy, renders))
    counted = [answer.count for answer in asked(numbered_scenes(tables, counts.scenes))]
    related = [answer.related for answer in asked(related_scenes(tables, counts.scenes))]
    rows = [
        Row(f"object_{number}", percent([answer.objects for answer in part]), "%", bar)
        for number, part, bar in zip((1, 2, 3), several, (95, 85, 60), strict=False)
    ]
    rows += [
        Row("place", percent([answer.place for answer in few]), "%", 97),
        Row("colour", percent([right for answer in coloured for right in answer.colours]), "%", 90),
        Row("count", percent(counted), "%", 70),
        Row("relation", percent(related), "%", 70),
        Row("sharpness", energy, "", (0.8, 1.2)),
    ]
    for side in (384, 512):
        large = asked(said_scenes(tables, counts.large, 1), (side, side))
        right = [answer.objects and answer.number for answer in large]
        rows.append(Row(f"object_1_at_{side}", percent(right), "%", None))
    return rows


def said_scenes(tables: Tables, count: int, number: int | None = None, content: str = "plain") -> list[Scene]:
    """The first held-out scenes of so many objects, or of a content."""
    return [scene_of(seed, tables, held_out=True, count=number, content=content) for seed in range(count)]


def numbered_scenes(tables: Tables, count: int) -> list[Scene]:
    """Held-out scenes of two and of three alike."""
    return said_scenes(tables, count, content="number")


def related_scenes(tables: Tables, count: int) -> list[Scene]:
    """Held-out scenes that say which of two things is where, in each of the ways that the tables know."""
    ways = [content for content in ("beside", "on") if dict(tables.contents).get(content)]
    return [
        scene_of(seed, tables, held_out=True, content=ways[seed % len(ways)])
        for seed in range(count if ways else 0)
    ]


def coloured_scenes(tables: Tables, count: int) -> list[Scene]:
    """The first held-out scenes of one object whose caption names a colour."""
    scenes: list[Scene] = []
    seed = 0
    while len(scenes) < count:
        scene = scene_of(seed, tables, held_out=True, count=1)
        scenes += [scene] * bool(scene.items[0].colour)
        seed += 1
    return scenes


def answers(
    model: Model, judge: Judge, scenes: list[Scene], size: tuple[int, int], guidance: float, steps: int
) -> Iterator[Answer]:
    """Generate a picture of each scene's caption, and compare what the judge sees with what was asked for."""
    for start in range(0, len(scenes), 8):
        part = scenes[start : start + 8]
        prompts = [plain_caption(scene).text for scene in part]
        seeds = list(range(start, start + len(part)))
        with torch.no_grad():
            pictures = sample(model, prompts, seeds, size, steps, guidance)
            verdict = judge(to_unit(pictures))
        for index, scene in enumerate(part):
            yield answer_to(verdict, index, scene, gradient_energy(pictures[index]))


def answer_to(verdict: Verdict, index: int, scene: Scene, energy: float) -> Answer:
    """What the judge sees in a picture, compared with a scene."""
    names = [item.word for item in scene.items]
    words = set(names)
    objects = verdict.best_objects(index, len(words)) == words
    return Answer(
        objects,
        verdict.number_of(index, names[0]) == names.count(names[0]),
        verdict.number(index) == len(names),
        objects and bool(scene.relation) and verdict.related(index, names[0], scene.relation, names[1]),
        verdict.place(index) == scene.place,
        tuple(verdict.colour(index, item.word) == item.colour for item in scene.items if item.colour),
        energy,
    )


@torch.no_grad()
def attention_row(model: Model, tables: Tables, sprites: Sprites, count: int) -> Row:
    """Mean IoU, at the best of many thresholds, of the object word's attention with the object's true mask."""
    processors = dict(model.unet.attn_processors)
    recorder = AttentionRecorder(model.unet)
    maker = ExampleMaker(model.vae, model.tokenizer)
    alpha = model.scheduler.alphas_cumprod[HALFWAY]
    overlaps = []
    for seed in range(count):
        scene = scene_of(seed, tables, held_out=True, count=1)
        caption = plain_caption(scene)
        (example,) = maker.examples([caption], [render(scene, sprites, *SIZE)])
        noise = torch.randn(example.latents.shape, generator=torch.Generator().manual_seed(seed))
        noisy = alpha.sqrt() * example.latents + (1 - alpha).sqrt() * noise
        model.unet(noisy[None], HALFWAY, text_states(model, [caption.text]))
        token = max(position for position, owner in example.named if owner == 0)  # the noun, after its colour
        attention = recorder.take()[4][0, :, token]
        mask = F.avg_pool2d(example.masks[:1], 2).flatten() > 0.5
        overlaps.append(best_overlap(attention / attention.max(), mask))
    model.unet.set_attn_processor(processors)
    return Row("attention_iou", float(np.mean(overlaps)), "", 0.8)


def best_overlap(attention: Tensor, mask: Tensor) -> float:
    """The best intersection over union of a thresholded map with a mask."""
    regions = [attention > threshold for threshold in torch.linspace(0.05, 0.95, 37)]
    return max(((region & mask).sum() / (region | mask).sum().clamp_min(1)).item() for region in regions)


def tree_bytes() -> int | None:
    """Of everything under version control; None for a tree without its history."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return sum(path.stat().st_size for path in files if path.is_file())


def size_rows(folder: Path) -> list[Row]:
    """Megabytes of all models that ship, and of everything under version control."""
    models = sum(path.stat().st_size for path in folder.parent.rglob("*") if path.is_file()) / 1e6
    tree = tree_bytes()
    return [
        Row("model_mb", models, "MB", 36, at_most=True),
        Row("tree_mb", tree and tree / 1e6, "MB", 44, at_most=True),
    ]


def parts(arguments: argparse.Namespace) -> dict[str, Callable[[], Iterable[Row]]]:
    """By name, what measures which rows; all on the processor but what the judge is shown."""
    counts = LEAST if arguments.preset == "smoke" else QUICK if arguments.quick else Counts()
    tables, sprites = TABLES[arguments.preset], Sprites.load()
    card = json.loads((arguments.model / "palimpsest.json").read_text())
    use = card["guidance"], card["steps"]
    known = TABLES[arguments.judged or arguments.preset]
    judge = load_judge(known, arguments.judge)
    model = load_model(arguments.model, torch.device("cpu"))
    painter = (
        model if arguments.device == "cpu" else load_model(arguments.model, torch.device(arguments.device))
    )

    def same_as_diffusers() -> Iterator[Row]:
        levels = largest_difference(arguments.model, model, tables, counts.peers, SIZE, *use)
        yield Row("same_as_diffusers", levels, "levels of 255", 2, at_most=True)

    return {
        "autoencoder": lambda: autoencoder_rows(model, tables, sprites, counts.scenes),
        "judge": lambda: judge_accuracy(judge, known, sprites, 5 * counts.scenes),
        "judged": lambda: judged_rows(painter, judge, known, sprites, counts, *use),
        "attention": lambda: [attention_row(model, tables, sprites, counts.scenes)],
        "diffusers": same_as_diffusers,
        "sketch": lambda: sketch_rows(model, tables, sprites, counts.coloured, SIZE, *use),
        "few": lambda: few_step_rows(arguments.model, tables, counts.large, SIZE),
        "size": lambda: size_rows(arguments.model),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--preset", default="cpu")
    parser.add_argument(
        "--judged", help="the preset whose things the judge knows and is asked about, if another"
    )
    parser.add_argument("--judge", type=Path, default=WEIGHTS, help="what judge.py trained")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="that paints for the judge")
    parser.add_argument("--parts", help="some of the rows: autoencoder,judge,judged,… (all unless given)")
    parser.add_argument("--quick", action="store_true", help="few pictures, to see that it runs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    known = parts(arguments)
    chosen = arguments.parts.split(",") if arguments.parts else [*known]
    if unknown := [name for name in chosen if name not in known]:
        parser.error(f"{', '.join(unknown)}: choose from {', '.join(known)}.")
    show = show_json if arguments.json else show_table
    show([row for name in chosen for row in known[name]()])


if __name__ == "__main__":
    main()
