"""A pipeline of diffusers that is in memory already, with whatever was done to its networks."""

from diffusers import StableDiffusionPipeline
from palimpsest import api


def main(folder=".", model="stable-diffusion-v1-5", steps=None):
    pipeline = StableDiffusionPipeline.from_pretrained(model, safety_checker=None)
    with api.Editor(pipeline, device="cpu") as editor:
        print(editor.model().name, editor.model().fingerprint)
        project = editor.generate("a fox in the snow", seed=7, steps=steps, guidance=7.5)
        editor.reword(project, "a cat in the snow")
        for turn in project.turns:
            print(turn.id, turn.prompt)
    project.save(f"{folder}/cat.palimpsest")
    assert len(api.Project.load(f"{folder}/cat.palimpsest").turns) == 2


if __name__ == "__main__":
    main()
