"""The worker that gunicorn runs: gthread, with its door closed as soon as it is told to stop.

Gunicorn's own keeps its copy of the listening socket open until its last answer is given. Whoever
connects meanwhile waits for nothing and is cut off at the end; closed at once, the door refuses
them, and a client or proxy tries again or elsewhere.
"""

from __future__ import annotations

import select

from gunicorn.workers.gthread import ThreadWorker


class ClosingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Takes in whoever has knocked already, closes the door, then finishes the answers."""

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                while self.nr_conns < self.worker_connections:
                    if not select.select([listener], [], [], 0)[0]:
                        break
                    self.accept(listener)
                listener.close()
