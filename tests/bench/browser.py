"""One reader over HTTP on a kept connection, as thin as can be: it shares two cores with the server it measures."""

import http.client
import re
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
BOUNDARY = "-----------------------------partnerdesk-bench"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
FORM = "application/x-www-form-urlencoded"
SUBMISSION = b"00000000-0000-0000-0000-000000000000"


class Unexpected(Exception):
    """The server answered something else than the page, which would make its time worthless."""


@dataclass
class Browser:
    """Plain HTTP to a port of this machine. One that `learns` keeps the cookies it gets; while measuring none does, so
    that what one answer leaves does not slow down the next request."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    learns: bool = True
    connection: http.client.HTTPConnection | None = None

    def sign_in(self, email: str, password: str) -> None:
        _status, page = self.get("/account/login/")
        answer = {"csrfmiddlewaretoken": token(page), "login": email, "password": password}
        status, _body = self.send("POST", "/account/login/", urlencode(answer).encode(), FORM)
        if status != 302:
            raise Unexpected(f"signing in as {email}: {status}")
        self.get("/")  # greetings wait in a cookie of their own until a page shows them

    def get(self, path: str) -> tuple[int, bytes]:
        return self.send("GET", path)

    def send(self, method: str, path: str, body: bytes | None = None, content_type: str = "") -> tuple[int, bytes]:
        """The status and the whole body. A connection that the server has closed meanwhile is opened again."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        content = answer.read()
        if self.learns:
            self._keep(answer)
        return answer.status, content

    def close(self) -> dict[str, str]:
        """Hang up and leave the cookies: a server that is told to stop waits for lines that are open."""
        if self.connection is not None:
            self.connection.close()
        return self.cookies

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line or not value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def token(page: bytes) -> str:
    found = TOKEN.search(page.decode())
    if found is None:
        raise Unexpected("a form without a token")
    return found[1]


def said(csrf: str, tenant: int, service: int) -> dict[str, str]:
    """A complete incident with 2 kB of text. Holds SUBMISSION once."""
    return {
        "csrfmiddlewaretoken": csrf,
        "type": "incident",
        "submission": SUBMISSION.decode(),
        "tenants": str(tenant),
        "services": str(service),
        "customer_information": "correct",
        "remote_connection": "works",
        "records_searched": "nothing",
        "help_desk": "not needed",
        "customisation": "standard",
        "system_access": "not needed",
        "triage": "A test mail to another provider arrives.",
        "subject": "Mail to one provider comes back",
        "started": "27.08.2019 - 11:00 UTC+2",
        "description": "Since this morning all mail to one provider comes back. " * 36,
        "impact_description": "Confirmations do not arrive.",
        "error_pattern": "550 5.1.1 user unknown",
        "interface": "SMTP",
        "affected_count": "1",
        "examples-occurred": "27.08.2019 - 11:02 UTC+2",
        "examples-sender": "news@bench.example",
        "examples-recipient": "guest@other.example",
        "examples-status": "550 5.1.1 user unknown",
        "reproduced": "not tried",
        "actions_taken": "Looked into Live Search.",
        "known": "no",
        "impact": "medium",
        "urgency": "medium",
        "phone": "+46 8 465 004 02",
        "tests_allowed": "yes",
    }


def ticket_form(csrf: str, tenant: int, service: int) -> bytes:
    """The incident with a 20 kB log, as a browser sends it."""
    fields = said(csrf, tenant, service)
    log = "2019-08-27 11:02:13 bench postfix/smtp: status=bounced (550 5.1.1)\n" * 310
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    file = 'Content-Disposition: form-data; name="attachments"; filename="mail.log"\r\nContent-Type: text/plain'
    parts.append(f"--{BOUNDARY}\r\n{file}\r\n\r\n{log}\r\n--{BOUNDARY}--\r\n")
    return "".join(parts).encode()


def typed_form(csrf: str, tenant: int, service: int) -> bytes:
    """The incident as the live parts of the form send it, without its files."""
    return urlencode(said(csrf, tenant, service)).encode()


def fresh(form: bytes) -> bytes:
    """The same form as a new submission: sent twice unchanged, it would be the same ticket."""
    return form.replace(SUBMISSION, str(uuid.uuid4()).encode())
