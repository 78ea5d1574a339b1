"""What lies where on this machine. Everything of one checkout is in its `.state` folder, mode 0700.

Two exceptions. A socket's path may not be longer than 107 bytes, so a deep checkout has its sockets in /tmp. And
started by root, Postgres runs under another account, which cannot enter the folder: its data is in /var/lib.
"""

import hashlib
import os
import re
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from partnerdesk.local.processes import CannotStartError, server_account

CHECKOUT = Path(__file__).resolve().parents[2]
ROOTS_CLUSTERS = Path("/var/lib/partnerdesk")
LONGEST_SOCKET = len("/.s.PGSQL.5432")
SOCKET_MAX_BYTES = 107  # sun_path of unix(7), less its closing zero
PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
KEPT_LOG_BYTES = 10_000_000


@dataclass(frozen=True)
class Places:
    """`state` is ours; `cluster` belongs to the account that runs Postgres; `sockets` is short."""

    state: Path
    cluster: Path
    sockets: Path

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def mail(self) -> Path:
        return self.state / "mail"

    @property
    def attachments(self) -> Path:
        return self.state / "attachments"

    @property
    def static(self) -> Path:
        return self.state / "static"

    @property
    def broker(self) -> Path:
        return self.state / "valkey"

    @property
    def lock(self) -> Path:
        return self.state / "lock"

    @property
    def secret(self) -> Path:
        return self.state / "secret-key"

    def make(self) -> None:
        """The folders, private to whoever starts. `cluster` is left to Postgres."""
        try:
            for folder in (self.state, self.logs, self.mail, self.attachments, self.static, self.broker):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.state.chmod(0o700)
        except PermissionError as error:
            raise CannotStartError(
                f"{error.filename} belongs to somebody else: start as that user, or set STATE_DIR."
            ) from error
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.sockets.lstat()  # anybody can put a folder of that name into /tmp before us
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise CannotStartError(f"{self.sockets} is not a private folder of ours: delete it and start again.")

    def secret_key(self) -> str:
        """Made once, kept, so that sign-ins and links in mails outlive a restart."""
        if not self.secret.exists():
            with open(os.open(self.secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        return self.secret.read_text()

    def log(self, name: str) -> Path:
        """The file one child writes to. What grew too long is kept once, as `.old`."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > KEPT_LOG_BYTES:
            path.replace(path.with_suffix(".log.old"))
        return path

    def delete(self) -> list[Path]:
        """Delete what `make` and the servers made, nothing else that lies there. What was deleted."""
        sockets = {self.sockets, self.state / "sockets"}  # the second from before the checkout moved to a deep place
        ours = (self.cluster, *sockets, self.broker, self.attachments, self.static, self.mail, self.logs)
        present = [path for path in (*ours, self.secret, self.lock) if path.exists()]
        for path in present:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if self.state.exists() and not any(self.state.iterdir()):
            self.state.rmdir()
        return present


def places() -> Places:
    """Those of this checkout, or below STATE_DIR when it is set."""
    return below(Path(os.environ.get("STATE_DIR") or CHECKOUT / ".state").resolve())


def below(state: Path) -> Places:
    name = f"{state.parent.name[:40]}-{hashlib.sha256(os.fsencode(state)).hexdigest()[:10]}"
    cluster = state / "postgres" if server_account() is None else ROOTS_CLUSTERS / name
    sockets = state / "sockets"
    # Not every client undoes the escapes of a URL, so a path with a blank or an umlaut in it counts as too long.
    if len(os.fsencode(sockets)) + LONGEST_SOCKET > SOCKET_MAX_BYTES or not PLAIN.fullmatch(str(sockets)):
        sockets = Path("/tmp") / f"partnerdesk-{os.geteuid()}-{name[-10:]}"  # make() checks whose it is
    return Places(state, cluster, sockets)
