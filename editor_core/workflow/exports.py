"""What an exported picture says of how it was made, for window and commands alike."""

from editor_core.document.snapshot import DocumentSnapshot
from editor_core.project.metadata import Provenance, provenance
from editor_core.workflow.turns import painted_picture


def provenance_of(snapshot: DocumentSnapshot) -> Provenance:
    """The texts for what the layers show: of the turns up to the current one, and whether it was painted on since."""
    turns = {turn.id: turn for turn in snapshot.turns}
    chain, step = [], snapshot.current_id
    while step is not None:
        chain.append(turns[step])
        step = turns[step].parent
    painted = bool(chain) and painted_picture(snapshot, chain[0]) is not None
    return provenance(chain[::-1], painted)
