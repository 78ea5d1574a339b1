"""Processor time of a tree of processes: it hardly depends on what else the machine does meanwhile."""

import os
from collections.abc import Collection
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def seconds(roots: Collection[int]) -> float:
    """What these processes and all that descend from them have used so far, in user and in system mode.

    A process that ends leaves what it used to its parent (the last two of the four fields), so nothing is lost when a
    web process begins anew.
    """
    used, parents = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := stat(folder)):
            pid = int(folder.name)
            parents[pid] = int(fields[1])
            used[pid] = sum(int(field) for field in fields[11:15])
    return sum(ticks for pid, ticks in used.items() if descends(pid, roots, parents)) / TICKS_A_SECOND


def stat(folder: Path) -> list[str]:
    """The fields behind the name, from the state on (proc(5)); empty when the process has just ended."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def descends(pid: int, roots: Collection[int], parents: dict[int, int]) -> bool:
    while pid in parents:
        if pid in roots:
            return True
        pid = parents[pid]
    return False
