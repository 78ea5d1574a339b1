"""Tells the workers to look now: into the outbox, or at the mail that came in.

A hint and nothing more: the clock's next round finds what a lost hint has missed. So the broker is spoken to in a
thread beside the page, which never waits for it, be it slow, stopped or frozen; and hints that come while one is
under way become one. The thread has a producer of its own, because the short time it allows the broker would cut a
worker's long connection.
"""

import logging
import os
import threading
import time

from celery import Celery

DELIVER = "mailroom.tasks.deliver"
READ = "mailroom.tasks.read"
EXPIRES_SECONDS = 20  # by then the clock has come round by itself
BROKER_SECONDS = 2.0
PAUSE_SECONDS = 5.0  # after a failure: one hint then, for all that asked meanwhile

log = logging.getLogger(__name__)


class Bell:
    """Rung by many threads, heard by one, which starts with the first ring."""

    def __init__(self, task: str) -> None:
        self.task = task
        self.asked = threading.Event()
        self.starting = threading.Lock()
        self.ringer: threading.Thread | None = None

    def ring(self) -> None:
        self.asked.set()
        with self.starting:
            if self.ringer is None or not self.ringer.is_alive():
                self.ringer = threading.Thread(target=self.publish, name="mailroom.wake", daemon=True)
                self.ringer.start()

    def publish(self) -> None:
        broker = producer()
        while True:
            self.asked.wait()
            self.asked.clear()  # before publishing: who asks from here on may have missed this hint
            try:
                broker.send_task(self.task, expires=EXPIRES_SECONDS, ignore_result=True, retry=False)
            except Exception as error:  # whatever ails the broker, the next hint must find this thread alive
                log.warning("The broker did not take a hint: %s", error)
                time.sleep(PAUSE_SECONDS)


def producer() -> Celery:
    """Publishes like the project's own app, but gives up quickly. Never the current app of any thread."""
    app = Celery("mailroom.wake", set_as_current=False, fixups=[])
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_transport_options = {
        "socket_timeout": BROKER_SECONDS,
        "socket_connect_timeout": BROKER_SECONDS,
        "max_retries": 0,
    }
    return app


bells = {task: Bell(task) for task in (DELIVER, READ)}


def silence() -> None:
    """A fork copies no threads, so its bells must start their own."""
    for task, bell in bells.items():
        bell.__init__(task)  # type: ignore[misc]


os.register_at_fork(after_in_child=silence)


def wake(task: str = DELIVER) -> None:
    """Ask the workers to look now. Returns at once; says nothing when the broker is away."""
    bells[task].ring()
