"""How many SQL statements each operation takes: `python -m tests.bench.statements`, JSON on stdout.

A process of its own with Django inside, on the database that DATABASE_URL names; WORLD holds a ticket to read and
what to file a new one with.
"""

import json
import os
import re
import sys

import django

django.setup()

from django.db import connection  # noqa: E402  # needs Django to be set up
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from contacts.models import User  # noqa: E402
from tests.bench.browser import FORM, MULTIPART, Unexpected, fresh, ticket_form, typed_form  # noqa: E402
from tests.bench.ops import EMAILS, OPS, Op  # noqa: E402
from tests.bench.servers import World  # noqa: E402

#: What only opens and closes is no question to the database.
TRANSACTION = re.compile(r"BEGIN|COMMIT|SAVEPOINT|RELEASE", re.IGNORECASE)


def count(client: Client, op: Op, world: World) -> int:
    """Of the second time: the first one reads what a process keeps."""
    path = op.path.replace("{ticket}", str(world.ticket))
    for _again in range(2):
        with CaptureQueriesContext(connection) as captured:
            if op.files:
                form = fresh(ticket_form("", world.tenant, world.service))
                answer = client.post(path, form, content_type=MULTIPART)
            elif op.typed:
                form = typed_form("", world.tenant, world.service) + op.adds
                answer = client.post(path, form, content_type=FORM)
            else:
                answer = client.get(path)
        if answer.status_code != (302 if op.files else 200):
            raise Unexpected(f"{op.key}: {answer.status_code}")
    return len([query for query in captured.captured_queries if not TRANSACTION.match(query["sql"])])


def main() -> None:
    setup_test_environment()
    world = World(**json.loads(os.environ["WORLD"]))
    counts = {}
    for op in OPS:
        client = Client()
        if op.who in EMAILS:
            client.force_login(User.objects.get(email=EMAILS[op.who]))
        counts[op.key] = count(client, op, world)
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()
