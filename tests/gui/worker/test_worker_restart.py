"""A worker that ends by itself is restarted; nothing of the artist's is touched."""

from editor_core.messages.requests import LoadModel


def test_a_dead_worker_is_replaced(picture, session, qtbot, caplog):
    before = picture.document.document.snapshot()
    session.error = SystemExit("gone")
    picture.prompt.use_words("a cat on snow")
    with qtbot.waitSignals([picture.facade.restarted, picture.facade.failed]):
        picture.prompt.run()
    assert "restarted" in picture.messages.sentence
    after = picture.document.document.snapshot()
    assert after.turns == before.turns and after.layers is before.layers
    assert "ended by itself" in caplog.text
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert isinstance(session.requests[-2], LoadModel)
