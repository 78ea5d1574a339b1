"""The reader as a process of its own, which may be killed: `python -m mailroom.reading`.

It gets requests on standard input and answers on standard output, one after the other, each as two lengths, a JSON
object and bytes. It knows no settings, no database and no secret, can write no file, and ends with its input. What it
may use of memory and of computing time for one mail is bounded by the system, whoever started it.
"""

import json
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

from mailroom import reading

LENGTHS = struct.Struct(">II")
OUT_OF_MEMORY = 3


def main(requests: BinaryIO, answers: BinaryIO) -> None:
    bound(int(sys.argv[1]))
    try:
        while lengths := requests.read(LENGTHS.size):
            told, size = LENGTHS.unpack(lengths)
            order = json.loads(requests.read(told))
            more_time(int(sys.argv[2]))
            said, data = answered(order, requests.read(size))
            written = json.dumps(said).encode()
            answers.write(LENGTHS.pack(len(written), len(data)) + written + data)
            answers.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # what is left of this process is not to be trusted


def answered(order: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return answer(order, raw)
    except MemoryError:
        raise
    except Exception as error:  # a mistake of ours, met by a mail we did not think of: told, not died of
        return {"error": f"{type(error).__name__}: {error}"[:500]}, b""


def answer(order: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
    if order["what"] == "contents":
        found = reading.contents(raw, careful=order["careful"])
        return {"sizes": [len(file.data) for file in found]}, b"".join(file.data for file in found)
    said = reading.read(raw, servers=order["servers"], envelope_from=order["envelope_from"], careful=order["careful"])
    return {"parsed": said.as_json()}, b""


def bound(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def more_time(seconds: int) -> None:
    """So many more seconds of computing; the system ends us then, also when nobody is left who would."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    os.nice(5)  # reading can wait for pages
    main(sys.stdin.buffer, sys.stdout.buffer)
