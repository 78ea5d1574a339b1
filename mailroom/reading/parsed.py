"""What a mail says, in values that fit into JSON and into a database."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Address:
    name: str
    email: str


@dataclass(frozen=True)
class File:
    """One attachment; its content is asked for by `number` when it is needed."""

    number: int
    name: str
    type: str
    size: int
    sha256: str
    cid: str = ""
    inline: bool = False


@dataclass(frozen=True)
class Notice:
    """What a mail server says about one recipient (RFC 3464). `status` is like 5.1.1, `action` like failed."""

    recipient: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True)
class Automatic:
    """Signs that no person wrote or that nobody should answer (RFC 3834), each as it stands in the mail."""

    auto_submitted: str = ""
    precedence: str = ""
    list_id: str = ""
    null_sender: bool = False
    suppress: str = ""
    loop: str = ""
    feedback: bool = False

    @property
    def any(self) -> bool:
        return bool(
            self.null_sender
            or self.feedback
            or self.list_id
            or self.suppress
            or self.loop
            or self.precedence in {"bulk", "junk", "list", "auto_reply"}
            or self.auto_submitted not in {"", "no"}
        )


@dataclass(frozen=True)
class Verdict:
    """What our own mail server found out about the sender (RFC 8601). `passed` only for the domain in From."""

    passed: bool = False
    by: str = ""


@dataclass
class Parsed:
    """`sent_at` is ISO 8601 in UTC or empty. `text` is the whole, `reply` what is new in it."""

    sender: Address = field(default_factory=lambda: Address("", ""))
    reply_to: list[Address] = field(default_factory=list)
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    subject: str = ""
    sent_at: str = ""
    message_id: str = ""
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    text: str = ""
    reply: str = ""
    cut: bool = False
    has_html: bool = False
    tables: list[list[list[str]]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    automatic: Automatic = field(default_factory=Automatic)
    verdict: Verdict = field(default_factory=Verdict)
    notices: list[Notice] = field(default_factory=list)
    bounced_message_id: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Parsed":
        values = dict(stored)
        for name in ("reply_to", "to", "cc"):
            values[name] = [Address(**one) for one in values[name]]
        return cls(
            **values
            | {
                "sender": Address(**values["sender"]),
                "files": [File(**one) for one in values["files"]],
                "automatic": Automatic(**values["automatic"]),
                "verdict": Verdict(**values["verdict"]),
                "notices": [Notice(**one) for one in values["notices"]],
            }
        )
