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


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "utf-16", "nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_text_comes_as_utf_8_or_not_at_all(client: Client, cast, method, charset):
    """Other encodings make half characters that no database takes, or fail in the reading of the address."""
    client.force_login(cast.alice)
    said = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    sent = client.generic(method, "/tickets/?q=%2B2AA-x", headers=said)
    assert sent.status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_text_that_says_it_is_utf_8_is_read(client: Client, cast, charset):
    client.force_login(cast.alice)
    assert client.get("/tickets/?q=x", headers={"content-type": f"text/plain; charset={charset}"}).status_code == 200


@pytest.mark.parametrize("address", ["contacts/contact/?role=", "contacts/partner/?name=", "tickets/escalation/?step="])
def test_a_filter_of_the_admin_that_is_no_text_is_refused(client: Client, cast, address):
    client.force_login(cast.lea)
    assert client.get(f"/admin/{address}x%00").status_code == 400
