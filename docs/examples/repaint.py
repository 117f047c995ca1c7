"""InstDiffEdit: find where a phrase belongs, look at the mask, paint it there in several variants."""

import numpy as np
from palimpsest import api


def main(folder=".", model="default", steps=None):
    with api.Editor(model) as editor:
        project = editor.generate("a red fox in the snow", seed=7, steps=steps)
        found = editor.find_mask(project, "a cat", sentence="a cat in the snow")
        print(
            f"{100 * (found.mask > 0).mean():.0f} % of the picture after {found.step} of {found.steps} steps"
        )
        for word in found.words:
            print(word.text, "looks there:", np.unravel_index(word.heat.argmax(), word.heat.shape))
        mask = found.mask if found.mask.any() else np.full_like(found.mask, 255)
        for turn in editor.repaint(project, "a cat", {"variants": 2}, mask=mask):
            print(turn.id, turn.seed, f"{turn.seconds:.1f} s")
    project.save(f"{folder}/cats.palimpsest")


if __name__ == "__main__":
    main()
