"""Real servers for the tests, each run with its own, so that any number of runs go on side by side.

Django's settings are read once, from the environment set here before anything imports Django. Postgres starts with
the first test that needs a database, Valkey with the first that asks for it; both end with the run, also a killed one.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from partnerdesk import catalogs
from partnerdesk.local.postgres import Postgres
from partnerdesk.local.running import alive
from partnerdesk.local.valkey import Valkey

PREFIX = "partnerdesk-test-"


def leftovers() -> Iterator[Path]:
    """The folders of runs that were killed: the name ends in the process id of the run."""
    for folder in Path("/tmp").glob(f"{PREFIX}*"):
        if not alive(int(folder.name.rpartition("-")[2])):
            yield folder


def own_folder() -> Path:
    """Short, because a socket's path may not be longer than 107 bytes."""
    for folder in leftovers():
        shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=PREFIX, suffix=f"-{os.getpid()}", dir="/tmp"))


# A shell that is set up for something else lends its database to nobody's tests.
SET_FOR_TESTS = os.environ.get("PARTNERDESK_ENV", "test") == "test"
GIVEN_DATABASE = os.environ.get("DATABASE_URL") if SET_FOR_TESTS else None
GIVEN_BROKER = os.environ.get("REDIS_URL") if SET_FOR_TESTS else None

FOLDER = own_folder()
FOLDER.chmod(0o711)  # Postgres, under an account of its own, must get through to its data
POSTGRES = Postgres(FOLDER / "postgres", log=FOLDER / "postgres.log", scratch=True)
VALKEY = Valkey(FOLDER / "valkey", socket=FOLDER / "valkey.sock", log=FOLDER / "valkey.log")

for folder in ("attachments", "static"):
    (FOLDER / folder).mkdir(mode=0o700)

os.environ |= {
    "PARTNERDESK_ENV": "test",
    "SECRET_KEY": "for-tests-only-" + "0123456789" * 5,
    "DATABASE_URL": GIVEN_DATABASE or POSTGRES.url,
    "REDIS_URL": GIVEN_BROKER or VALKEY.url,
    "MEDIA_ROOT": str(FOLDER / "attachments"),
    "STATIC_ROOT": str(FOLDER / "static"),
    "LOG_LEVEL": "WARNING",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright keeps an event loop in the thread that also asks the database
}
for name in ("DEBUG", "DEMO", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS"):
    os.environ.pop(name, None)

if os.environ.get("DJANGO_SETTINGS_MODULE") and "partnerdesk.settings" in sys.modules:
    raise pytest.UsageError("DJANGO_SETTINGS_MODULE is set, so Django was set up before the tests' servers: unset it.")
os.environ["DJANGO_SETTINGS_MODULE"] = "partnerdesk.settings"
catalogs.compile_changed()
django.setup()

from kb.context import board  # noqa: E402  # models can be imported only now
from tests import seed  # noqa: E402  # asks for Django's settings
from tests.cast import Cast, assemble  # noqa: E402
from tickets.models.words import common_words  # noqa: E402


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """pytest-django asks for this just before it makes the test database."""
    if GIVEN_DATABASE is None:
        POSTGRES.start()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """It goes with its server; to drop it first would wait for whoever still holds a connection."""
    return GIVEN_DATABASE is None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    seed.keep()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    try:
        return (yield)
    finally:
        if seed.kept and seed.empties_the_database(item):  # nothing is kept where no test asked for the database
            seed.put_back()


@pytest.fixture(scope="session")
def valkey() -> Valkey:
    """A running broker: what Celery publishes arrives. Without this fixture publishing fails, as with a broker down."""
    if GIVEN_BROKER is None:
        VALKEY.start()
    return VALKEY


@pytest.fixture(autouse=True)
def no_notices() -> None:
    """The frame's notices are kept in the process: without this a test pays for them by chance, or sees another's."""
    board.pin([])


@pytest.fixture(autouse=True)
def no_common_words() -> None:
    """The same with the commonest words of the tickets: no table of a test is large enough to have any."""
    common_words.pin(frozenset())


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody the tests speak of (tests/cast.py). Named `cast` in every test that needs a person."""
    return assemble()


def pytest_unconfigure() -> None:
    VALKEY.stop()
    POSTGRES.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)
