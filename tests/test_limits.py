import pytest
from django.test import Client


def test_a_request_beyond_all_limits_is_refused_unread(client: Client, cast, settings):
    settings.REQUEST_MAX_BYTES = 10_000
    client.force_login(cast.alice)
    response = client.post("/tickets/new/", {"description": "x" * 20_000})
    assert response.status_code == 413
    assert "<h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"\x00\xff", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"a=%ff%fe&b=%", "application/x-www-form-urlencoded"),
        (b'{"a": [1', "application/json"),
        (b"&".join(b"a%d=1" % number for number in range(2000)), "application/x-www-form-urlencoded"),
    ],
)
def test_malformed_requests_get_a_clear_answer(client: Client, cast, content, content_type):
    client.force_login(cast.alice)
    response = client.generic("POST", "/tickets/new/", content, content_type=content_type)
    assert response.status_code in {400, 422}
    assert "PartnerDesk" in response.content.decode()
