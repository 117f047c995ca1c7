"""MaSaFusion: redraw a region after a sketch, in the picture's own texture."""

import numpy as np
from palimpsest import api


def main(folder=".", model="default", steps=None):
    with api.Editor(model) as editor:
        project = editor.generate("a fox in the snow", seed=7, steps=steps)
        height, width = project.picture().shape[:2]
        radius = np.hypot(*(np.mgrid[:height, :width] - np.array([height, width])[:, None, None] / 2))
        sketch = np.where(abs(radius - height / 4) < 2, 0, 255).astype(np.uint8)  # a ring, dark on light
        exact = editor.redraw(project, "an apple in the snow", mask=radius < height / 3, sketch=sketch)
        project.show(project.turns[0])
        faithful = api.MaSaFusionParameters(preset="faithful", keep_outside=False)  # as the paper prints it
        plain = editor.redraw(
            project, "an apple in the snow", faithful, mask=radius < height / 3, sketch=sketch
        )
        outside = exact.mask == 0
        drift = np.abs(plain.image.astype(int) - project.turns[0].image)[outside].mean()
        print(f"the background drifts by {drift:.1f} levels as plain, by 0 as we do it")
    project.save(f"{folder}/apple.palimpsest")


if __name__ == "__main__":
    main()
