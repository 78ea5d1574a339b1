"""What the schema may rely on, whatever the machine's language."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_database_lowers_letters_beyond_ascii() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ÄÖÜẞÉ'), current_setting('server_encoding')")
        assert cursor.fetchone() == ("äöüßé", "UTF8")
