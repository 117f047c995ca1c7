"""The editing methods by name."""

from collections.abc import Callable
from dataclasses import dataclass

from editor_core.base.errors import EditorError
from editor_core.engines import embctrl, fisedit, instdiffedit, masafusion
from editor_core.engines.common.context import EngineContext
from editor_core.engines.fisedit_parameters import FISEditParameters
from editor_core.engines.generate import GenerateParameters
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Edit


@dataclass(frozen=True)
class Engine:
    name: str
    label: str
    """What the artist reads."""
    paper: str
    parameters: type
    """A frozen dataclass with a default for every field."""
    edit: Callable[[Edit, EngineContext], TurnResult]


ENGINES = {
    "fisedit": Engine("fisedit", "Reword", "FISEdit", FISEditParameters, fisedit.edit),
    "masafusion": Engine(
        "masafusion", "Redraw", "MaSaFusion", masafusion.MaSaFusionParameters, masafusion.edit
    ),
    "embctrl": Engine("embctrl", "Recolour", "EmbCtrl", embctrl.EmbCtrlParameters, embctrl.edit),
    "instdiffedit": Engine(
        "instdiffedit", "Repaint", "InstDiffEdit", instdiffedit.InstDiffEditParameters, instdiffedit.edit
    ),
}


def parameters_of(method: str) -> type:
    """What can be set of a method, or of "generate", a new picture. Raises EditorError for another name."""
    return GenerateParameters if method == "generate" else engine(method).parameters


def engine(name: str) -> Engine:
    """Raises EditorError for a name that no engine has."""
    if name not in ENGINES:
        raise EditorError(
            "There is no editing method called “{name}”. Available: {choices}.",
            name=name,
            choices=tuple(ENGINES),
        )
    return ENGINES[name]
