"""FISEdit: change the words; only what they change is painted again, from what the first run left in the cache."""

from palimpsest import api


def main(folder=".", model="default", steps=None):
    with api.Editor(model) as editor:
        project = editor.generate("a red fox in the snow", seed=7, steps=steps)
        first = project.current
        turn = editor.reword(project, "a blue cat in the snow", api.FISEditParameters(growth=2))
        unchanged = turn.mask == 0
        assert (turn.image == first.image)[unchanged].all()  # to the byte
        print(
            f"{100 * (~unchanged).mean():.0f} % painted again in {turn.seconds:.1f} s, {turn.log['executor']}"
        )
        print("latents", api.trajectory(turn).shape, "of them computed", api.region(turn))
    project.save(f"{folder}/cat.palimpsest")


if __name__ == "__main__":
    main()
