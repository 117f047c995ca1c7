"""The session that a window works with: here or at an address, and at another one as soon as the settings say so."""

from contextlib import ExitStack
from dataclasses import replace

from editor_core.base.settings import Settings
from editor_core.messages.events import CacheInfo
from editor_core.messages.requests import Configure, LoadModel, Request
from editor_core.remote.places import HERE, session_at
from editor_core.session.jobs import CancelToken
from editor_core.session.runner import Emit, Result, Runner


class SwitchingSession:
    """Opens what it needs with the first job that needs it, so that an address nobody is at costs that job alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._model = LoadModel.chosen(settings)
        self._opened = ExitStack()
        self._session: Runner | None = None

    @property
    def at_once(self) -> int:
        return 1 if self._session is None else self._session.at_once

    def close(self) -> None:
        self._session = None
        self._opened.close()

    def run(self, job: int, request: Request, emit: Emit, cancel: CancelToken | None = None) -> Result:
        """As `Session.run`. Raises RemoteError where the workers cannot be reached."""
        if isinstance(request, Configure):
            moved = request.settings.compute_address != self._settings.compute_address
            self._settings = request.settings
            if moved:
                self.close()
                if self._settings.compute_address != HERE:
                    return _NOTHING_YET  # the next job finds out whether somebody is there
        if isinstance(request, LoadModel):
            self._model = replace(request, anew=False)
        return self._running().run(job, request, emit, cancel)

    def _running(self) -> Runner:
        if self._session is None:
            names = ("loras", "device", "vae", "clip_skip", "precision")
            chosen = {name: getattr(self._model, name) for name in names}
            settings = replace(self._settings, model=self._model.source, **chosen)
            self._session = self._opened.enter_context(session_at(settings.compute_address, settings))
        return self._session


_NOTHING_YET = CacheInfo(0, 0, 0, 0, "")
