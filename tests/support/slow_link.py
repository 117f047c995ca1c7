"""A TCP connection as a bad network makes it: so many bytes a second, and so late."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_BLOCK = 2**13  # bytes


class SlowLink:
    """Listens on a port of this computer and passes on to another one."""

    def __init__(self, port: int, bytes_a_second: float, seconds: float = 0.0) -> None:
        """seconds: each block comes so much later."""
        self._port, self._speed, self._late = port, bytes_a_second, seconds
        self._open: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.passed = 0
        """Bytes, both ways."""
        self._cut = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """The network goes: every connection ends, and no other is let in."""
        self._cut.set()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._cut.clear()

    def close(self) -> None:
        self.cut()
        self._door.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self._cut.is_set():
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._port))
            self._open += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        wait = threading.Event().wait
        with suppress(OSError):
            while block := source.recv(_BLOCK):
                wait(self._late + len(block) / self._speed)
                target.sendall(block)
                self.passed += len(block)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def slow_link(port: int, bytes_a_second: float, seconds: float = 0.0) -> Iterator[SlowLink]:
    link = SlowLink(port, bytes_a_second, seconds)
    try:
        yield link
    finally:
        link.close()
