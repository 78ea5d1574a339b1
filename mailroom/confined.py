"""Reads mails in a child process that is killed when it takes too long or too much.

One child is kept warm for each process of ours, because starting one costs more than reading a hundred mails. After a
kill the next mail gets a new one, so a bad mail delays the next by that start and no more.
"""

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mailroom
from mailroom.reading.__main__ import LENGTHS, OUT_OF_MEMORY
from mailroom.reading.parsed import Parsed

SECONDS = 10.0  # for one mail, by the clock on the wall
MEMORY_BYTES = 1024**3
PIPE_BYTES = 1024 * 1024
CODE = Path(mailroom.__file__).parent.parent


class Unreadable(Exception):
    """The reader died over this mail, or gave up. Its text says how."""


@dataclass(frozen=True)
class Running:
    """A started reader with our ends of its two pipes."""

    process: subprocess.Popen[bytes]
    to: int
    of: int

    @classmethod
    def start(cls, memory: int, seconds: float) -> "Running":
        """It knows nothing but the mail: no settings, no secrets, no database stand in its environment."""
        its_input, to = os.pipe()
        of, its_output = os.pipe()
        process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", "mailroom.reading", str(memory), str(int(seconds))],
            stdin=its_input,
            stdout=its_output,
            stderr=subprocess.DEVNULL,
            cwd=CODE,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        for end in (its_input, its_output):
            os.close(end)
        for end in (to, of):
            os.set_blocking(end, False)
        return cls(process, to, of)

    def kill(self) -> int:
        """Its exit code, which says what it died of if it was dead already."""
        if self.process.poll() is None:
            self.process.kill()
        code = self.process.wait()
        for end in (self.to, self.of):
            os.close(end)
        return code


class Child:
    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY_BYTES) -> None:
        self.seconds, self.memory = seconds, memory
        self.running: Running | None = None
        self.alone = threading.Lock()

    def read(
        self, raw: bytes, *, servers: list[str], envelope_from: str | None = None, careful: bool = False
    ) -> dict[str, Any]:
        """What the mail says, as Parsed.as_json. Raises Unreadable."""
        order = {"what": "read", "servers": servers, "envelope_from": envelope_from, "careful": careful}
        said, _ = self.ask(order, raw)
        parsed: dict[str, Any] = said["parsed"]
        return parsed

    def contents(self, raw: bytes, *, careful: bool = False) -> list[bytes]:
        """The content of each attachment, in the order of Parsed.files. Raises Unreadable."""
        said, data = self.ask({"what": "contents", "careful": careful}, raw)
        found, at = [], 0
        for size in said["sizes"]:
            found.append(data[at : at + size])
            at += size
        return found

    def ask(self, order: Mapping[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
        with self.alone:
            if self.running is not None and self.running.process.poll() is not None:
                self.end()
            if self.running is None:
                self.running = Running.start(self.memory, self.seconds)
            try:
                said, data = self.talk(self.running, json.dumps(order).encode(), raw)
            except EOFError:
                raise Unreadable(self.words_of(self.end())) from None
            except BaseException:
                self.end()  # interrupted in mid-sentence: its next answer would be to another question
                raise
        if "error" in said:
            raise Unreadable(said["error"])
        return said, data

    def end(self) -> int:
        code = self.running.kill() if self.running else 0
        self.running = None
        return code

    def talk(self, line: Running, told: bytes, raw: bytes) -> tuple[dict[str, Any], bytes]:
        until = time.monotonic() + self.seconds
        for data in (LENGTHS.pack(len(told), len(raw)) + told, raw):
            self.write(line.to, data, until)
        length, size = LENGTHS.unpack(self.hear(line.of, LENGTHS.size, until))
        said: dict[str, Any] = json.loads(self.hear(line.of, length, until))
        return said, self.hear(line.of, size, until)

    def write(self, pipe: int, data: bytes, until: float) -> None:
        rest = memoryview(data)
        while rest:
            left = self.left(until)
            if select.select([], [pipe], [], left)[1]:
                try:
                    rest = rest[os.write(pipe, rest[:PIPE_BYTES]) :]
                except BrokenPipeError:
                    raise EOFError from None
                except BlockingIOError:
                    continue

    def hear(self, pipe: int, length: int, until: float) -> bytes:
        heard: list[bytes] = []
        while length:
            left = self.left(until)
            if select.select([pipe], [], [], left)[0]:
                piece = os.read(pipe, min(length, PIPE_BYTES))
                if not piece:
                    raise EOFError
                heard.append(piece)
                length -= len(piece)
        return b"".join(heard)

    def left(self, until: float) -> float:
        left = until - time.monotonic()
        if left <= 0:
            raise Unreadable(f"The reader was stopped: it took longer than {self.seconds:.0f} seconds.")
        return left

    def words_of(self, code: int) -> str:
        if code == OUT_OF_MEMORY:
            return f"The reader needed more than {self.memory // 1024**2} MB of memory."
        return f"The reader died (exit code {code})."


child = Child()
os.register_at_fork(after_in_child=lambda: child.__init__())  # type: ignore[misc]  # a fork shares no child


def contents(raw: bytes, *, careful: bool = False) -> list[bytes]:
    """The content of each file of `Parsed.files`, read by this process's child."""
    return child.contents(raw, careful=careful)


def read(raw: bytes, *, servers: list[str] | None = None) -> Parsed:
    """For whoever needs to know what one mail says; what stands in the database is read by mailroom.inbox."""
    return Parsed.from_json(child.read(raw, servers=servers or []))
