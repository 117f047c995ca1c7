"""EmbCtrl: another colour, every shape as it was; of a picture made elsewhere, and stopped from outside."""

from palimpsest import api


def main(folder=".", model="default", steps=None, picture=None):
    listener = api.Listener(
        progress=lambda stage, done, total: print(stage, done, "of", total),
        cancelled=lambda: False,  # asked between steps; say True and the call raises api.JobCancelled
    )
    with api.Editor(model, cache_folder=f"{folder}/cache", listener=listener) as editor:
        if picture is None:
            picture = editor.generate("a red fox in the snow", seed=7, steps=steps).picture()
        project = editor.open(picture, "a red fox in the snow", how="direct", steps=steps)
        try:
            turn = editor.recolour(project, "a blue fox in the snow", api.EmbCtrlParameters(blend_from=0.3))
            print(f"{100 * (turn.mask > 0).mean():.0f} % changed")
        except api.NothingToChangeError as nothing:
            print(nothing)
        print(
            f"{editor.cache().disk_bytes >> 10} KiB on disk, {editor.drop(project.turns).disk_bytes >> 10} dropped"
        )


if __name__ == "__main__":
    main()
