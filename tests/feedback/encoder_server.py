"""A real embeddings service on this machine, as well or as badly behaved as a test wants."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Served:
    """What it was asked, and how it answers: ``status``, ``body`` instead of vectors, ``size``, ``wait``, ``fails``."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.status, self.size, self.wait, self.fails = 200, 8, 0.0, 0
        self.body: bytes | None = None
        self.address = ""

    @property
    def texts(self) -> list[str]:
        return [text for one in self.asked for text in one["input"]]

    def answer(self, texts: list[str]) -> bytes:
        if self.body is not None:
            return self.body
        listed = [{"index": i, "embedding": _vector(text, self.size)} for i, text in enumerate(texts)]
        return json.dumps({"object": "list", "data": listed[::-1]}).encode()


def _vector(text: str, size: int) -> list[float]:
    """The same text, the same numbers; other words, others."""
    return [float(sum(map(ord, text)) * (i + 3) % 17 - 8) for i in range(size)]


@contextmanager
def serving() -> Iterator[Served]:
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.asked.append(asked | {"path": self.path})
            served.headers.append(dict(self.headers))
            time.sleep(served.wait)
            failing = served.fails > 0
            served.fails -= failing
            body = b"{}" if failing else served.answer(asked["input"])
            self.send_response(503 if failing else served.status)
            self.send_header("Content-Length", str(len(body)))
            if 300 <= served.status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
