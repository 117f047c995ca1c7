"""The engines from Python: load a model, make or open a picture, edit it by each method, look at what was computed.

    from palimpsest import api                      # in a source tree: from editor_core import api

    with api.Editor("default") as editor:
        project = editor.generate("a fox in the snow", seed=7)
        turn = editor.reword(project, "a cat in the snow")
        project.save("cat.palimpsest")

Everything that is listed in ``__all__`` is stable: a name may be added, none changes its meaning within a version.
What hangs on these objects beyond what their docstrings tell may change.

**Pictures** are uint8 (H, W, 3), **masks** uint8 or bool (H, W), nonzero where the picture may change (for an edit also
float, 0 to 1, how much it may), **sketches** uint8 (H, W) or (H, W, 3), lines as drawn, dark on light. What comes back
is read-only; copy it to change it.

**Errors** that somebody can mend are `EditorError`, one plain sentence each; a cancelled call raises `JobCancelled`.
Either way the project is as it was before.

**Threads.** An editor may be used by one thread at a time, whichever. Two editors share nothing, unless the same
networks were handed to both. The callables of a `Listener` are called on the thread that made the call; what they raise
ends it. A project belongs to one thread at a time too.

**Nothing global.** No setting of the window's is read, no environment variable is set (importing OpenCV sets one), no
logger is configured, and nothing is downloaded. Where torch is imported with OMP_WAIT_POLICY=PASSIVE, edits on a
processor are a little faster.
"""

from editor_core.api.arrays import region, trajectory
from editor_core.api.editor import Editor
from editor_core.api.methods import METHODS, Compared, check_methods
from editor_core.api.project import Project
from editor_core.base.errors import EditorError, JobCancelled, NothingToChangeError
from editor_core.base.loras import LoraChoice
from editor_core.document.turns import Turn
from editor_core.engines.embctrl import EmbCtrlParameters
from editor_core.engines.fisedit_parameters import FISEditParameters
from editor_core.engines.generate import GenerateParameters
from editor_core.engines.instdiffedit import InstDiffEditParameters
from editor_core.engines.masafusion import MaSaFusionParameters
from editor_core.messages.events import CacheInfo, FoundMask, ModelInfo
from editor_core.models.handed_in import Parts
from editor_core.session.listener import Listener

__all__ = [
    "METHODS",
    "CacheInfo",
    "Compared",
    "Editor",
    "EditorError",
    "EmbCtrlParameters",
    "FISEditParameters",
    "FoundMask",
    "GenerateParameters",
    "InstDiffEditParameters",
    "JobCancelled",
    "Listener",
    "LoraChoice",
    "MaSaFusionParameters",
    "ModelInfo",
    "NothingToChangeError",
    "Parts",
    "Project",
    "Turn",
    "check_methods",
    "region",
    "trajectory",
]
