"""Every way of working on a tiny picture, in a session that is given, for comparing two kinds of sessions."""

import numpy as np

from editor_core.messages.requests import Edit, FindMask, Generate, OpenPicture, RunBaseline, Sampling
from support.engine_runs import as_base

SIZE = 64


def all_ways(session) -> dict[str, np.ndarray]:
    """Picture or mask by the name of what made it."""
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[16:48, 16:48] = 255

    def run(request):
        return session.run(1, request, lambda event: None)

    first = run(Generate("a cat on the sofa", SIZE, SIZE, Sampling(seed=1, steps=4)))
    base, alone = as_base(first), {"plant": False}
    opened = run(OpenPicture(first.image, "a cat on the sofa", Sampling(seed=2, steps=4)))
    edits = {
        "fisedit": Edit((base,), "a dog on the sofa", mask, parameters=alone),
        "instdiffedit": Edit((base,), "a dog", mask, "instdiffedit", alone),
        "masafusion": Edit((base,), "a dog on the sofa", mask, "masafusion", alone),
        "embctrl": Edit((base,), "an owl in the forest", None, "embctrl", guidance=9.0),
    }
    made = {name: run(request).image for name, request in edits.items()}
    found = run(FindMask(first.image, "a dog", parameters={"preset": "paper"}))
    baseline = run(RunBaseline(base, "a dog on the sofa", "sdedit"))
    return made | {
        "generate": first.image, "open": opened.image, "mask": found.heat, "sdedit": baseline.image
    }  # fmt: skip
