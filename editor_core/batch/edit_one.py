"""One picture of a batch: opened, edited, written."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from editor_core.base.errors import EditorError
from editor_core.batch.jobs import BatchJob
from editor_core.batch.rows import Row
from editor_core.document.document import Document
from editor_core.document.result_placement import ResultPlacement, accept
from editor_core.messages.requests import OpenPicture, Request, Sampling
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.image_io import over_white, read_fitted_mask, read_fitted_sketch, write_image
from editor_core.project.picture_formats import format_of
from editor_core.project.picture_reading import read_picture
from editor_core.project.project_file import save_project
from editor_core.project.words.reading import words_in
from editor_core.workflow import turns as workflow
from editor_core.workflow.exports import provenance_of
from editor_core.workflow.opening import sampling_of

Run = Callable[[Request], Any]


def edit_one(job: BatchJob, run: Run, folder: Path, ending: str, worker: Callable[[], str]) -> Row:
    """Edit a picture and write the result, ``folder/ID.ENDING``: a picture, or a project that holds both turns.

    worker: says who does the work now. Raises EditorError.
    """
    document = _opened(job, run)
    first = document.history.current
    assert first is not None
    mask = read_fitted_mask(Path(job.mask), first.width, first.height).pixels if job.mask else None
    sketch = read_fitted_sketch(Path(job.sketch), first.width, first.height).pixels if job.sketch else None
    request = workflow.edit_request(
        document,
        job.prompt,
        mask=mask,
        method=job.method,
        parameters=job.parameters,
        guidance=job.guidance,
        sketch=sketch,
    )
    turn = workflow.turn_from_result(run(request), first.id)
    document.execute(accept(document, turn, ResultPlacement.REPLACE, name=turn.prompt))
    result = folder / f"{job.id}.{ending}"
    if result.suffix == PROJECT_SUFFIX:
        save_project(document, result)
    else:
        kind = format_of(result.suffix)
        write_image(result, turn.image, provenance_of(document.snapshot()), kind=kind)
    changed = None if turn.mask is None else round(100 * float((turn.mask > 0).mean()), 1)
    seconds = round(first.seconds + turn.seconds, 2)
    return Row(
        job.id, job.picture, result.name, job.prompt, job.method, turn.seed, changed, seconds, worker()
    )


def _opened(job: BatchJob, run: Run) -> Document:
    """The picture as a document with one turn. Raises EditorError where nothing says what it shows."""
    file = Path(job.picture)
    words = job.was
    sampling = Sampling(job.seed, job.steps, job.guidance, job.negative, job.sampler)
    if not words:
        found = words_in(file)
        if found is None:
            raise EditorError("“{file}” does not say what it shows; say it with --was.", file=file.name)
        told = sampling_of(found)
        words = found.prompt
        sampling = replace(sampling, seed=told.seed if job.seed is None else job.seed)
    read = read_picture(file)
    result = run(OpenPicture(over_white(read.pixels), words, sampling))
    document = Document.new_from_turn(workflow.turn_from_result(result, None))
    document.notes = read.notes
    return document
