"""Brings database and files up to date before the site starts: `python -m partnerdesk.local.prepare`.

One process for all of it, since each start of Django costs a second or two. What it is doing goes to stderr; stdout
carries nothing but the demo's logins, for the banner.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from partnerdesk import catalogs


def prepare() -> None:
    catalogs.compile_changed()
    django.setup()
    say("Migrating")
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()
    if settings.DEMO:
        load_demo()


def collect_static() -> None:
    """Compressing takes a second, so it is done only when a file has changed."""
    stamp = Path(settings.STATIC_ROOT) / "collected"
    now = state_of_static()
    if not stamp.exists() or stamp.read_text() != now:
        say("Collecting the pages' files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(now)


def state_of_static() -> str:
    """A hash that changes with any name, size or time of change of the files that would be collected."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415  # needs Django to be set up

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load_demo() -> None:
    """Into an empty portal only; the command itself stores all or nothing."""
    from contacts import demo  # noqa: PLC0415  # models, which need Django to be set up
    from contacts.models import Partner  # noqa: PLC0415

    if not Partner.objects.exists():
        say("Loading the demo (once)")
        call_command("load_demo", verbosity=0)
    if demo.is_there():
        call_command("load_demo", print_logins=True)


def say(words: str) -> None:
    print(f"{words} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    prepare()
