"""What is new in replies of the mail programs that partners use; looked through case by case."""

import pytest

from mailroom.reading import reply

CASES = {
    "gmail-en": (
        "Thanks, works.\n\nOn Tue, Aug 27, 2019 at 11:00 AM Carol <carol@desk.example> wrote:\n\n> Hello\n> there\n",
        "Thanks, works.",
    ),
    "gmail-wrap": (
        "Thanks.\n\nOn Tue, Aug 27, 2019 at 11:00 AM PartnerDesk Support <\nsupport@desk.example> wrote:\n\n> Hello\n",
        "Thanks.",
    ),
    "gmail-de": (
        "Danke.\n\nAm Di., 27. Aug. 2019 um 11:00 Uhr schrieb Carol <carol@desk.example>:\n\n> Hallo\n",
        "Danke.",
    ),
    "apple-de": ("Geht.\n\n> Am 27.08.2019 um 11:00 schrieb Carol <c@d.example>:\n> \n> Hallo\n", "Geht."),
    "apple-fr": ("Merci.\n\nLe 27 août 2019 à 11:00, Carol <c@d.example> a écrit :\n\n> Bonjour\n", "Merci."),
    "gmail-es": (
        "Gracias.\n\nEl mar, 27 ago 2019 a las 11:00, Carol (<c@d.example>) escribió:\n\n> Hola\n",
        "Gracias.",
    ),
    "gmail-it": (
        "Grazie.\n\nIl giorno mar 27 ago 2019 alle ore 11:00 Carol <c@d.example> ha scritto:\n\n> Ciao\n",
        "Grazie.",
    ),
    "outlook-en": (
        "Works.\n\nFrom: Carol <c@d.example>\nSent: Tuesday, August 27, 2019 11:00 AM\n"
        "To: Bob <b@a.example>\nSubject: RE: x\n\nHello\n",
        "Works.",
    ),
    "outlook-de": (
        "Geht.\n\nMit freundlichen Grüßen\nBob\n\n________________________________\n"
        "Von: Carol <c@d.example>\nGesendet: Dienstag, 27. August 2019 11:00\nAn: Bob\nBetreff: AW: x\n\nHallo\n",
        "Geht.\n\nMit freundlichen Grüßen\nBob",
    ),
    "outlook-fr": (
        "Ok.\n\nDe : Carol <c@d.example>\nEnvoyé : mardi 27 août 2019 11:00\nÀ : Bob\nObjet : RE: x\n\nBonjour",
        "Ok.",
    ),
    "outlook-it": ("Ok.\n\nDa: Carol\nInviato: martedì 27 agosto 2019 11:00\nA: Bob\nOggetto: R: x\n\nCiao", "Ok."),
    "outlook-es": (
        "Ok.\n\nDe: Carol\nEnviado el: martes, 27 de agosto de 2019 11:00\nPara: Bob\nAsunto: RE: x\n\nHola",
        "Ok.",
    ),
    "orig": ("Ok.\n\n-----Ursprüngliche Nachricht-----\nVon: Carol\n\nHallo", "Ok."),
    "mobile": (
        "Ok.\n\nVon meinem iPhone gesendet\n\nAm 27.08.2019 um 11:00 schrieb Carol <c@d.example>:\n\n> Hallo\n",
        "Ok.",
    ),
    "bottom": ("On 27.08.2019 11:00, Carol wrote:\n> Hello\n\nMy answer\n-- \nBob\nAlpine\n", "My answer"),
    "inter": (
        "On 27.08.2019 11:00, Carol wrote:\n> First?\nYes\n> Second?\nNo\n-- \nBob",
        "On 27.08.2019 11:00, Carol wrote:\n> First?\nYes\n> Second?\nNo",
    ),
    "evidence": (
        "Here are the headers:\n\nFrom: a@b\nTo: c@d\nSubject: x\nDate: Tue\n"
        "Message-ID: <x>\nReceived: y\n\nPlease look",
        "Here are the headers:\n\nFrom: a@b\nTo: c@d\nSubject: x\nDate: Tue\n"
        "Message-ID: <x>\nReceived: y\n\nPlease look",
    ),
    "wrote": ("As I wrote:\nit fails at 11:00", "As I wrote:\nit fails at 11:00"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_only_what_is_new_is_shown(name: str) -> None:
    text, new = CASES[name]
    assert reply.cut(text, reply=True).text == new


def test_a_first_mail_is_not_cut_and_neither_is_a_forward() -> None:
    text = "See below\n\nFrom: a\nSent: b\nTo: c\nSubject: d\n\n> telnet mx 25"
    assert reply.cut(text, reply=reply.is_reply("A mail", False)).text == text
    assert reply.cut(text, reply=reply.is_reply("WG: A mail", True)).text == text
