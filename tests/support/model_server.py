"""A hub of this machine's own: repositories and addresses, ranges, wrong answers and broken lines, over real HTTP."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ModelServer:
    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    """Path to contents; of a repository's file "/owner/name/resolve/COMMIT/file"."""
    dispositions: dict[str, str] = field(default_factory=dict)
    listings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    """Paths that want a token."""
    break_after: int | None = None
    """Bytes after which the line breaks, once, when a file itself is asked for."""
    hold: threading.Event | None = None
    """Where set, the piece before a broken line is sent, and the line breaks only then."""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def add_repository(self, name: str, files: Mapping[str, bytes], lie: str = "") -> None:
        """lie: a file whose digest the listing has wrong."""
        self.listings[name] = [
            {
                "rfilename": each,
                "size": len(data),
                "lfs": {"sha256": sha256(data + b"!" * (each == lie)).hexdigest(), "size": len(data)},
            }
            for each, data in files.items()
        ]
        self.files |= {f"/{name}/resolve/c0ffee/{each}": data for each, data in files.items()}


@contextmanager
def serving() -> Iterator[ModelServer]:
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            state.asked.append((path, dict(self.headers)))
            if path in state.closed and self.headers.get("Authorization") != "Bearer secret":
                return self._answer(401, b"")
            name = path.removeprefix("/api/models/").split("/revision/")[0]
            if name in state.listings:
                return self._answer(
                    200, json.dumps({"sha": "c0ffee", "siblings": state.listings[name]}).encode()
                )
            if path not in state.files:
                return self._answer(404, b"")
            data, tag = state.files[path], f'"{sha256(state.files[path]).hexdigest()[:8]}"'
            begin, more = 0, {"ETag": tag}
            if path in state.dispositions:
                more["Content-Disposition"] = state.dispositions[path]
            if self.headers.get("Range") and self.headers.get("If-Range") == tag:
                begin = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                more["Content-Range"] = f"bytes {begin}-{len(data) - 1}/{len(data)}"
            return self._answer(206 if begin else 200, data[begin:], more)

        def _answer(self, status: int, data: bytes, more: Mapping[str, str] = {}) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            for key, value in more.items():
                self.send_header(key, value)
            self.end_headers()
            itself = self.headers.get("Accept-Encoding") == "identity"
            if itself and state.break_after is not None and len(data) > state.break_after:
                data, state.break_after = data[: state.break_after], None
                self.close_connection = True
            self.wfile.write(data)
            if self.close_connection and state.hold is not None:
                self.wfile.flush()
                state.hold.wait(5)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
