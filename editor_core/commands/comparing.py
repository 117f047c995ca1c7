"""How ``palimpsest compare`` goes about its picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor_core.api import Compared, Editor, Listener, Project
from editor_core.base.errors import EditorError, ProjectError
from editor_core.base.settings import Settings
from editor_core.commands import pictures
from editor_core.commands.console import Console
from editor_core.commands.values import parse_settings
from editor_core.messages.events import Progress
from editor_core.pixels.contact_sheet import contact_sheet
from editor_core.project.file_kinds import holds_layers
from editor_core.project.png import Pixels
from editor_core.workflow.comparison import OURS


@dataclass(frozen=True, eq=False)
class Asked:
    """The edit to make."""

    prompt: str
    methods: tuple[str, ...]
    """By name; empty is all."""
    mask: Pixels | None
    sketch: Pixels | None
    instruction: str
    models: dict[str, str]


def weights_of(given: Sequence[str]) -> dict[str, str]:
    """``["inpainting=FOLDER"]`` by method. Raises EditorError."""
    found = dict(each.partition("=")[::2] for each in given)
    for name, folder in found.items():
        if not folder:
            raise EditorError(
                "Write --with METHOD=FOLDER, for example inpainting=~/models/inpainting, not {given}.",
                given=name,
            )
    return {name: str(Path(folder).expanduser()) for name, folder in found.items()}


def counts_of(given: Sequence[str]) -> dict[str, int]:
    """``["null-text-p2p=40"]`` by method. Raises EditorError."""
    found = {}
    for each in given:
        name, _, number = each.partition("=")
        if not number.isdigit():
            raise EditorError(
                "Write --at-most METHOD=N, for example null-text-p2p=40, not {given}.", given=each
            )
        found[name] = int(number)
    return found


def variants_of(given: Sequence[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """``["plain=masafusion:fused_layers=0,plant=false"]`` by name. Raises EditorError."""
    found = {}
    for each in given:
        name, _, told = each.partition("=")
        method, _, settings = told.partition(":")
        if method not in OURS or not settings:
            raise EditorError(
                "Write --variant NAME=METHOD:SETTING=VALUE, for example plain=masafusion:fused_layers=0, not {given}.",
                given=each,
            )
        found[name] = (method, parse_settings(method, settings.split(",")))
    return found


def editor(console: Console, chosen: Settings) -> Editor:
    """An editor of the chosen settings, its progress on the console."""
    listener = Listener(
        progress=lambda stage, done, total: console.show(Progress(0, stage, done, total)),
        notice=console.notice,
    )
    return Editor(
        chosen.model,
        device=chosen.device,
        precision=chosen.precision,
        loras=chosen.loras,
        vae=chosen.vae,
        clip_skip=chosen.clip_skip,
        ram_cache_mb=chosen.ram_cache_mb,
        on=chosen.compute_address,
        listener=listener,
    )


def project_of(
    editor: Editor, place: Path, was: str | None, turn: str | None, seed: int | None, steps: int | None
) -> Project:
    """The project in a file, a turn of it shown; a picture is inverted with the words that describe it."""
    if holds_layers(place):
        project = Project.load(place)
        if turn is not None:
            chosen = [each for each in project.turns if each.id == turn]
            if not chosen:
                raise ProjectError(
                    "There is no turn {turn} in {file}; palimpsest history lists them.",
                    turn=turn,
                    file=place.name,
                )
            project.show(chosen[0])
        if project.turns:
            return project
        picture = project.picture()
        if was is None:
            raise ProjectError(
                "{name} has no turns yet; say with --was what its picture shows now.", name=place.name
            )
        return editor.open(picture, was, seed=seed, steps=steps)
    if was is None:
        raise EditorError(
            "Say with --was what the picture shows now; the methods compare its words with the new ones."
        )
    return editor.open(place, was, seed=seed, steps=steps)


def compared(editor: Editor, project: Project, asked: Asked) -> tuple[Compared, ...]:
    """Every method's result. Raises EditorError for a name that there is not."""
    return editor.compare(
        project,
        asked.prompt,
        asked.methods,
        mask=asked.mask,
        sketch=asked.sketch,
        instruction=asked.instruction,
        models=asked.models,
    )


def tell(
    console: Console, before: Pixels, found: Sequence[Compared], target: Path, folder: Path | None
) -> None:
    """Write the pictures and print the table. Raises EditorError where no method could run."""
    painted = {each.method: each.image for each in found if each.image is not None}
    if not painted:
        raise EditorError("None of the methods could run: {why}", why=found[0].problem)
    labels = {each.method: f"{each.method}  {each.seconds:.1f} s" for each in found}
    shown = [("before", before), *((labels[name], picture) for name, picture in painted.items())]
    pictures.write(target, contact_sheet(shown), console)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, picture in painted.items():
            pictures.write(folder / f"{name}.png", picture, console)
    rows = [
        {
            "method": each.method,
            "seconds": round(each.seconds, 2),
            "changed %": None if each.image is None else round(100 * each.changed, 1),
            "changed outside": each.changed_outside,
            "problem": each.problem or None,
        }
        for each in found
    ]
    console.table(rows)
    console.result(
        {"file": str(target), "methods": rows}, f"{len(painted)} of {len(found)} methods ran. Wrote {target}."
    )
