"""A real mailbox for the tests: Debian's Dovecot with a base folder of its own, on one port of this machine.

Without dovecot-imapd the tests that need it are skipped with one line; in CI they fail instead.
"""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from mailroom.imap import Address

DOVECOT = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)
USER, PASSWORD = "desk", "a-long/walk:uphill@8"  # with letters that a URL must write otherwise

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {internal}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        own = pwd.getpwuid(os.getuid())
        mails = pwd.getpwnam("mail") if os.getuid() == 0 else own  # Dovecot refuses to serve mail as root
        internal = pwd.getpwnam("nobody") if os.getuid() == 0 else own
        config = self.folder / "dovecot.conf"
        (self.folder / "mail").mkdir(parents=True)
        config.write_text(
            CONFIG.format(
                folder=self.folder,
                port=self.port,
                password=PASSWORD,
                internal=internal.pw_name,
                internal_group=grp.getgrgid(internal.pw_gid).gr_name,
                user=mails.pw_name,
                group=mails.pw_gid,
            )
        )
        self.folder.chmod(0o711)
        os.chown(self.folder / "mail", mails.pw_uid, mails.pw_gid)
        self.process = subprocess.Popen([str(DOVECOT), "-F", "-c", str(config)])
        for _ in range(200):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        log = self.folder / "log"
        raise AssertionError(log.read_text() if log.exists() else "Dovecot did not start.")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)

    @property
    def url(self) -> str:
        return f"imap://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/INBOX"

    @property
    def address(self) -> Address:
        return Address.of(self.url)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    if DOVECOT is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Dovecot, and CI never skips: .ci/run must install it.")
        pytest.skip("No Dovecot here. Debian: apt install dovecot-imapd")
    folder = Path("/tmp") / f"partnerdesk-test-dovecot-{os.getpid()}"
    server = Dovecot(folder)
    server.folder.mkdir(parents=True)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)
