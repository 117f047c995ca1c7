"""What an exported picture shows and says of how it was made, for window and commands alike."""

from dataclasses import replace

import numpy as np

from editor_core.document.compositing import flatten
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Pixels
from editor_core.project.metadata import Provenance, provenance
from editor_core.workflow.turns import painted_picture


def shown_picture(snapshot: DocumentSnapshot) -> Pixels:
    """What the layers show, uint8 (H, W, 3), or (H, W, 4) where some of it is transparent."""
    pixels = flatten(snapshot.layers, snapshot.rect)
    return np.ascontiguousarray(pixels[..., :3]) if (pixels[..., 3] == 255).all() else pixels


def provenance_of(snapshot: DocumentSnapshot) -> Provenance:
    """The texts for what the layers show: of the turns up to the current one, and whether it was painted on since."""
    turns = {turn.id: turn for turn in snapshot.turns}
    chain, step = [], snapshot.current_id
    while step is not None:
        chain.append(turns[step])
        step = turns[step].parent
    painted = bool(chain) and painted_picture(snapshot, chain[0]) is not None
    return replace(provenance(chain[::-1], painted), notes=snapshot.notes)
