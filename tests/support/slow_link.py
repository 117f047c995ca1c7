"""A TCP connection as a bad network makes it: so many bytes a second, and so late; or gone for a while."""

import math
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_BLOCK = 2**13  # bytes


class SlowLink:
    """Listens on a port of this computer and passes on to another one."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._open: list[socket.socket] = []
        self._is_cut = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.passed = 0
        """Bytes, both ways."""
        self.slow()
        threading.Thread(target=self._listen, daemon=True).start()

    def slow(self, bytes_a_second: float = math.inf, seconds: float = 0.0) -> None:
        """From now on each block takes its time and comes so many seconds later; without values it is fast again."""
        self._speed, self._late = bytes_a_second, seconds

    def cut(self) -> None:
        """The network goes: every connection ends, and no other is let in."""
        self._is_cut = True
        for each in self._open:
            _end(each)
            each.close()
        self._open.clear()

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        _end(self._door)
        self._door.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:  # nobody is there now
                near.close()
                continue
            self._open += [near, far]
            if self._is_cut:
                self.cut()
                continue
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        never = threading.Event()
        with suppress(OSError):
            while block := source.recv(_BLOCK):
                if pause := self._late + len(block) / self._speed:
                    never.wait(pause)
                target.sendall(block)
                self.passed += len(block)
        for each in (source, target):
            _end(each)
            each.close()


def _end(connection: socket.socket) -> None:
    with suppress(OSError):  # it has ended already
        connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def slow_link(port: int) -> Iterator[SlowLink]:
    """To that port of this computer; fast at first."""
    link = SlowLink(port)
    try:
        yield link
    finally:
        link.close()
