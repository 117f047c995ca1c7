"""The headless commands. Heavy libraries are imported inside a command, so that help is instant."""

import dataclasses
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from editor_core import __version__
from editor_core.base.errors import EditorError, JobCancelled, SizeError

INTERRUPTED = 130  # the exit code that Typer makes of Ctrl+C
STOPPED = "Stopped; nothing was changed."
SWITCH = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}

app = typer.Typer(
    name="palimpsest",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Edit a picture by changing its words. Without a command the window opens.",
)

Prompt = Annotated[str, typer.Option("--prompt", "-p", help="The words that describe the whole picture.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="The project file to write.")]
Seed = Annotated[int | None, typer.Option(help="The number the noise is drawn from; random if not given.")]
Size = Annotated[str | None, typer.Option(metavar="WxH", help="Size in pixels, for example 320x256.")]
Steps = Annotated[int | None, typer.Option(min=2, max=1000, help="Sampling steps.")]
Guidance = Annotated[float | None, typer.Option(min=1.0, max=30.0, help="How strictly to follow the words.")]
Negative = Annotated[str, typer.Option(help="Words for what should not be there.")]
Model = Annotated[str | None, typer.Option(help='"default" or a folder in the layout of diffusers.')]
Device = Annotated[str | None, typer.Option(help="auto, cpu, cuda, cuda:1 or mps.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Preset = Annotated[str | None, typer.Option(help="How the mask is found: auto, paper, demo or grounded.")]
TurnId = Annotated[str | None, typer.Option("--turn", help="The turn to use; the shown one if not given.")]


@app.command()
def new(
    prompt: str,
    output: Output,
    seed: Seed = None,
    size: Size = None,
    steps: Steps = None,
    guidance: Guidance = None,
    negative: Negative = "",
    model: Model = None,
    device: Device = None,
    as_json: AsJson = False,
) -> None:
    """Make a picture from words and save it as a project."""
    from editor_core.messages.requests import Generate, Sampling

    width, height = parse_size(size)
    _require_writable(output)
    request = Generate(prompt, width, height, Sampling(seed, steps, guidance, negative))
    _first_turn(request, output, model, device, as_json)


@app.command(name="open")
def open_picture(
    image: Path,
    prompt: Prompt,
    output: Output,
    seed: Seed = None,
    steps: Steps = None,
    guidance: Guidance = None,
    negative: Negative = "",
    model: Model = None,
    device: Device = None,
    as_json: AsJson = False,
) -> None:
    """Open a picture made elsewhere: find, once, the noise it could have come from, and save a project."""
    from editor_core.messages.requests import OpenPicture, Sampling
    from editor_core.project.image_io import over_white, read_image

    _require_writable(output)
    request = OpenPicture(over_white(read_image(image)), prompt, Sampling(seed, steps, guidance, negative))
    _first_turn(request, output, model, device, as_json)


@app.command()
def edit(
    file: Path,
    prompt: Prompt,
    turn: TurnId = None,
    mask: Annotated[
        str | None,
        typer.Option(
            "--mask",
            "--region",
            help="A picture, white where the project may change, or a region's name; else its own mask.",
        ),
    ] = None,
    method: Annotated[str, typer.Option(help="fisedit, instdiffedit, masafusion or embctrl.")] = "fisedit",
    sketch: Annotated[
        Path | None, typer.Option(help="A drawing of what should appear, dark on light.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting of the method; may be given again."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Save here instead of in FILE.")
    ] = None,
    guidance: Guidance = None,
    negative: Annotated[str | None, typer.Option(help="New negative words.")] = None,
    variants: Annotated[int, typer.Option(min=1, max=8, help="Results of instdiffedit, each a turn.")] = 1,
    model: Model = None,
    device: Device = None,
    as_json: AsJson = False,
) -> None:
    """Change a turn by words, a phrase, sketch or region: only what the change touches is painted again."""
    from editor_core.project.image_io import over_white, read_image, read_mask
    from editor_core.project.project_file import load_project, refuse_damaged_original
    from editor_core.workflow import sketch_layers, targets
    from editor_core.workflow import turns as workflow
    from editor_core.workflow.proposal import REDRAW

    document = load_project(file)
    _require_writable(output or file)
    refuse_damaged_original(document, output or file)
    region = targets.region_named(document, mask)
    own_part = mask is None or region is not None
    part = targets.edited_part(document, region) if own_part else read_mask(Path(str(mask)))
    drawn = sketch_layers.sketch_of(document) if method == REDRAW else None
    several = [f"variants={variants}"] if variants > 1 or method == "instdiffedit" else []
    parameters = parse_settings(method, [*several, *(settings or [])])
    request = workflow.edit_request(
        document,
        prompt,
        turn_id=turn,
        mask=part,
        method=method,
        parameters=parameters,
        negative=negative,
        guidance=guidance,
        sketch=drawn if sketch is None else over_white(read_image(sketch)),
    )
    parent = turn or document.history.current_id
    _edit_and_save(document, request, parent, output or file, model, device, as_json)


@app.command()
def mask(
    file: Path,
    prompt: Annotated[str, typer.Option("--prompt", "-p", help="What to paint, for example “a fox”.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The mask to write, white on black, PNG.")],
    heat: Annotated[
        Path | None, typer.Option(help="Also write how strongly each pixel is meant, PNG.")
    ] = None,
    turn: TurnId = None,
    sentence: Annotated[str, typer.Option(help="What the whole picture shows then, the phrase in it.")] = "",
    preset: Preset = None,
    seed: Annotated[int, typer.Option(help="The number the noise is drawn from.")] = 0,
    model: Model = None,
    device: Device = None,
    as_json: AsJson = False,
) -> None:
    """Find where a phrase would change a picture, or the shown turn of a project."""
    from editor_core.messages.requests import FindMask
    from editor_core.project.image_io import write_png

    for path in [output] if heat is None else [output, heat]:
        _require_writable(path)
    parameters = {} if preset is None else {"preset": preset}
    image, before = _picture_of(file, turn)
    request = FindMask(image, prompt, sentence, before, seed=seed, parameters=parameters)
    found, console = _run(request, model, device, as_json)
    write_png(output, found.mask)
    if heat is not None:
        write_png(heat, found.heat)
    share = round(100 * float((found.mask > 0).mean()), 1)
    line = f"{found.phrase!r} would change {share} % of the picture, found in {found.seconds:.1f} s. Wrote {output}."
    fields = {"file": str(output), "phrase": found.phrase, "changed": share, "seconds": found.seconds}
    console.result(fields | {"steps": found.steps, "parameters": dict(found.parameters)}, line)


@app.command()
def invert(
    file: Path,
    how: Annotated[str, typer.Option(help="direct, null-text or ddim.")] = "direct",
    turn: TurnId = None,
    model: Model = None,
    device: Device = None,
    as_json: AsJson = False,
) -> None:
    """Find, once, the noise behind a turn's picture, and keep it in the project for later edits."""
    from editor_core.base.errors import ProjectError
    from editor_core.document.commands import AcceptTurn
    from editor_core.project.merging import save_merged
    from editor_core.project.project_file import load_project, refuse_damaged_original
    from editor_core.workflow import turns as workflow

    document = load_project(file)
    _require_writable(file)
    refuse_damaged_original(document, file)
    turn_id = turn or document.history.current_id
    if turn_id is None or turn_id not in document.history:
        raise ProjectError(
            f"There is no turn {turn_id} in {file.name}." if turn_id else f"{file.name} has no turns."
        )
    inverted = document.history[turn_id]
    result, console = _run(workflow.inversion_request(inverted, how), model, device, as_json)
    accepted = workflow.inverted_turn(result, inverted)
    document.execute(AcceptTurn(accepted))
    save_merged(document, file)
    console.result(_summary(accepted, file), _sentence(accepted, file))


@app.command()
def history(file: Path, as_json: AsJson = False) -> None:
    """Show the turns of a project as a tree."""
    from editor_core.console import Console
    from editor_core.project.project_file import load_project

    document = load_project(file)
    console = Console(as_json)
    if as_json:
        turns = [_turn_row(turn) for turn in document.history]
        console.result({"file": str(file), "current": document.history.current_id, "turns": turns}, "")
    else:
        console.tree(_tree(document, file.name))


@app.command()
def export(
    file: Path,
    output: Output,
    turn: TurnId = None,
    what: Annotated[str, typer.Option(help="image or mask.")] = "image",
    as_json: AsJson = False,
) -> None:
    """Write a turn's picture, or the mask of what it changed, as PNG."""
    from editor_core.base.errors import ProjectError
    from editor_core.console import Console
    from editor_core.project.image_io import write_png
    from editor_core.project.metadata import provenance
    from editor_core.project.project_file import load_project

    if what not in ("image", "mask"):
        raise typer.BadParameter("choose image or mask", param_hint="--what")
    document = load_project(file)
    turn_id = turn or document.history.current_id
    if turn_id is None or turn_id not in document.history:
        raise ProjectError(
            f"There is no turn {turn_id} in {file.name}." if turn_id else f"{file.name} has no turns."
        )
    chosen = document.history[turn_id]
    if what == "mask":
        if chosen.mask is None:
            raise ProjectError("The first turn of a picture has no mask: it changed nothing before it.")
        write_png(output, chosen.mask)
    else:
        chain = [document.history[step] for step in document.history.path(turn_id)]
        write_png(output, chosen.image, provenance(chain))
    Console(as_json).result({"turn": turn_id, "what": what, "file": str(output)}, f"Wrote {output}.")


@app.command()
def models(as_json: AsJson = False) -> None:
    """List the models that can be used."""
    from editor_core.base import settings
    from editor_core.console import Console
    from editor_core.models.available import available_models

    found = [dataclasses.asdict(entry) for entry in available_models(settings.load().model_folders)]
    console = Console(as_json)
    if as_json:
        console.result({"models": found}, "")
    else:
        console.table(found)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="The folder for the project and the pictures.")],
    seed: Annotated[int, typer.Option(help="The number the noise is drawn from.")] = 7,
    model: Model = None,
    device: Device = None,
    as_json: AsJson = False,
) -> None:
    """The main job in one go: make, change words, branch, save, reopen, edit on; pictures and a table."""
    from editor_core.demo import run_demo

    _run_and_report_demo(run_demo, out, seed, model, device, as_json)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"palimpsest {__version__}\n")
        raise typer.Exit


def is_command(arguments: list[str]) -> bool:
    """True unless the arguments are empty or begin with a file to open in the window."""
    if not arguments:
        return False
    names = {info.name or getattr(info.callback, "__name__", "") for info in app.registered_commands}
    looks_like_file = Path(arguments[0]).suffix or os.sep in arguments[0]
    return arguments[0] in names or arguments[0].startswith("-") or not looks_like_file


def has_display() -> bool:
    """False only on a Unix without X11, Wayland or a Qt platform that needs neither."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def demo_without_display(arguments: list[str]) -> int:
    """What starting the program does where no window can open."""
    if arguments:
        sys.stderr.write(
            "There is no display to open a window on. See palimpsest --help for headless commands.\n"
        )
        return 1
    sys.stderr.write("There is no display, so the demo runs headless and writes to the folder demo.\n")
    return main(["demo", "--out", "demo"])


def main(arguments: list[str]) -> int:
    """Run a command. Returns 0 done, 1 failed with one sentence, 2 wrong usage."""
    try:
        app(arguments, prog_name="palimpsest")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            return _fail(STOPPED, arguments)
        return end.code if isinstance(end.code, int) else 0
    except JobCancelled:
        return _fail(STOPPED, arguments)
    except EditorError as error:
        return _fail(str(error), arguments)
    except OSError as error:
        return _fail(f"{error.filename or 'A file'}: {error.strerror or error}.", arguments)
    return 0


def parse_size(size: str | None) -> tuple[int | None, int | None]:
    """``"320x256"`` as (320, 256). Raises SizeError."""
    if size is None:
        return None, None
    if not (match := re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", size.strip().lower())):
        raise SizeError(f'"{size}" is not a size; write for example 320x256.')
    return int(match[1]), int(match[2])


def parse_settings(method: str, settings: list[str]) -> dict[str, Any]:
    """``["preset=faithful", "fusion_end=0.5"]`` as the method's own types. Raises EditorError."""
    import dataclasses

    from editor_core.engines.registry import engine

    known = {field.name: field.default for field in dataclasses.fields(engine(method).parameters)}
    found: dict[str, Any] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in known:
            raise EditorError(f"{method} has no setting called {name}; choose {', '.join(known)}.")
        found[name] = _as_type_of(known[name], value, name)
    return found


def _as_type_of(default: Any, value: str, name: str) -> Any:
    try:
        if isinstance(default, bool) or (default is None and value in SWITCH):
            return SWITCH[value]
        if isinstance(default, tuple):
            return tuple(int(part) for part in value.split(","))
        return _number(value) if default is None else type(default)(value)
    except (ValueError, KeyError) as error:
        raise EditorError(f'"{value}" is not a value for {name}.') from error


def _number(value: str) -> int | float:
    return int(value) if value.lstrip("-").isdigit() else float(value)


def _first_turn(request: Any, output: Path, model: str | None, device: str | None, as_json: bool) -> None:
    from editor_core.document.document import Document
    from editor_core.project.project_file import save_project
    from editor_core.workflow import turns as workflow

    result, console = _run(request, model, device, as_json)
    turn = workflow.turn_from_result(result, None)
    save_project(Document.new_from_turn(turn), output)
    console.result(_summary(turn, output), _sentence(turn, output))


def _edit_and_save(
    document: Any,
    request: Any,
    parent: str | None,
    file: Path,
    model: str | None,
    device: str | None,
    as_json: bool,
) -> None:
    """Run an edit; its result, and further ones, become turns; the first is shown."""
    from editor_core.document.commands import AcceptTurn, JumpToTurn
    from editor_core.messages.events import Variant
    from editor_core.project.merging import save_merged
    from editor_core.workflow import turns as workflow

    results: list[Any] = []

    def keep(event: Any) -> None:
        if isinstance(event, Variant):
            results.append(event.result)

    result, console = _run(request, model, device, as_json, keep)
    turns = [workflow.turn_from_result(each, parent) for each in (*results, result)]
    for turn in turns:
        document.execute(AcceptTurn(turn))
    if len(turns) > 1:
        document.execute(JumpToTurn(turns[0].id))
    save_merged(document, file)
    others = {"variants": [turn.id for turn in turns]} if len(turns) > 1 else {}
    more = f" {len(turns) - 1} more beside it." if others else ""
    console.result(_summary(turns[0], file) | others, _sentence(turns[0], file) + more)


def _picture_of(file: Path, turn: str | None) -> tuple[Any, str]:
    """The pixels, uint8 (H, W, 3), of a picture file or of a project's turn, and the turn's words."""
    from editor_core.base.errors import ProjectError
    from editor_core.project.image_io import over_white, read_image
    from editor_core.project.project_file import load_project

    if file.suffix.lower() not in (".palimpsest", ".ora"):
        return over_white(read_image(file)), ""
    document = load_project(file)
    turn_id = turn or document.history.current_id
    if turn_id is None or turn_id not in document.history:
        raise ProjectError(
            f"There is no turn {turn_id} in {file.name}." if turn_id else f"{file.name} has no turns."
        )
    return document.history[turn_id].image, document.history[turn_id].prompt


def _run(
    request: Any,
    model: str | None,
    device: str | None,
    as_json: bool,
    also: Callable[[Any], None] = lambda event: None,
) -> Any:
    """Run one request in a session of its own, with progress on stderr; ``also`` hears the events."""
    from editor_core.console import Console
    from editor_core.session.session import Session

    with Session(_settings(model, device)) as session, Console(as_json) as console:

        def emit(event: Any) -> None:
            console.show(event)
            also(event)

        return session.run(0, request, emit), console


def _settings(model: str | None, device: str | None) -> Any:
    from dataclasses import replace

    from editor_core.base import settings

    chosen = settings.load()
    return replace(chosen, model=model or chosen.model, device=device or chosen.device)


def _run_and_report_demo(
    run_demo: Any, out: Path, seed: int, model: str | None, device: str | None, as_json: bool
) -> None:
    from editor_core.console import Console

    with Console(as_json) as console:
        report = run_demo(out, _settings(model, device), seed, console.show)
    console.table(report.rows, title=f"{report.project}")
    console.result(
        {"project": str(report.project), "seconds": report.seconds, "turns": report.rows},
        f"{len(report.rows)} turns in {report.seconds:.0f} s; pictures and masks are in {out}.",
    )
    if report.changed_outside:
        raise EditorError(f"{report.changed_outside} pixels changed outside the masks; there should be none.")


def _turn_row(turn: Any) -> dict[str, Any]:
    return {
        "id": turn.id,
        "parent": turn.parent,
        "method": turn.method,
        "prompt": turn.prompt,
        "changed": changed_share(turn),
        "seconds": round(turn.seconds, 1),
        "seed": turn.seed,
        "starred": turn.starred,
        "created": turn.created,
    }


def _tree(document: Any, title: str) -> Any:
    """The turns below each other as a rich tree; the shown one is marked."""
    from rich.markup import escape
    from rich.tree import Tree

    def add(branch: Tree, turn_id: str) -> None:
        turn = document.history[turn_id]
        mark = "●" if turn_id == document.history.current_id else "○"
        share = "" if turn.mask is None else f", {changed_share(turn)} % changed"
        line = f"{mark} {turn_id}  {escape(turn.prompt)}  [dim]({turn.method}{share}, {turn.seconds:.1f} s)[/dim]"
        node = branch.add(line)
        for child in document.history.children(turn_id):
            add(node, child)

    root = Tree(escape(title))
    for turn_id in document.history.root_ids:
        add(root, turn_id)
    return root


def changed_share(turn: Any) -> float | None:
    """Per cent of the picture that a turn may have changed; None for a first turn."""
    return None if turn.mask is None else round(100 * float((turn.mask > 0).mean()), 1)


def _summary(turn: Any, file: Path) -> dict[str, Any]:
    return {
        "file": str(file),
        "turn": turn.id,
        "parent": turn.parent,
        "method": turn.method,
        "prompt": turn.prompt,
        "seed": turn.seed,
        "steps": turn.steps,
        "guidance": turn.guidance,
        "model": turn.model,
        "size": [turn.image.shape[1], turn.image.shape[0]],
        "changed": changed_share(turn),
        "seconds": round(turn.seconds, 2),
        "log": json.loads(json.dumps(dict(turn.log), default=str)),
    }


def _sentence(turn: Any, file: Path) -> str:
    changed = "" if turn.mask is None else f", {changed_share(turn)} % of the picture changed"
    return f"Turn {turn.id}: {turn.prompt!r} in {turn.seconds:.1f} s{changed}. Saved to {file}."


def _require_writable(file: Path) -> None:
    """Raises ProjectError before any work is done when the result could not be saved."""
    from editor_core.base.errors import ProjectError

    folder = file.resolve().parent
    if not folder.is_dir():
        raise ProjectError(f"The folder {folder} does not exist.")
    if file.is_dir():
        raise ProjectError(f"{file} is a folder, not a file.")
    if not os.access(folder, os.W_OK):
        raise ProjectError(f"The folder {folder} is read-only.")


def _fail(sentence: str, arguments: list[str]) -> int:
    sys.stderr.write(sentence + "\n")
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"error": sentence}, ensure_ascii=False) + "\n")
    return 1
