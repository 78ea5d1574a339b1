import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.mailroom.dovecot import dovecot
from tests.processes import smtp_server, smtp_sink, worker, workers

__all__ = ["dovecot", "smtp_server", "smtp_sink", "worker", "workers"]


@pytest.fixture
def environment(transactional_db: None) -> dict[str, str]:
    """For processes of their own that shall see what the test sees."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return os.environ | {"DATABASE_URL": urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))}
