"""Whether a known issue looks like what is being typed, by a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.matching import Fit, Said, Scope, fit, holds

MAIL, FAX = 1, 2
ANYWHERE = Scope([MAIL])
IN_DE1 = Scope([MAIL], ["DE1"])
CODE = Scope([MAIL], [], ["451 4.7.1", "greylisted"])
WORD = Scope([MAIL], [], ["Quarantine Digest"])


@pytest.mark.parametrize(
    ("scope", "said", "expected"),
    [
        (ANYWHERE, Said([]), Fit.NONE),
        (ANYWHERE, Said([FAX]), Fit.NONE),
        (ANYWHERE, Said([FAX, MAIL]), Fit.POSSIBLE),
        (ANYWHERE, Said([MAIL], "US1", ["anything"]), Fit.POSSIBLE),
        (IN_DE1, Said([MAIL]), Fit.POSSIBLE),
        (IN_DE1, Said([MAIL], "DE1"), Fit.POSSIBLE),
        (IN_DE1, Said([MAIL], "DE2"), Fit.NONE),
        (CODE, Said([MAIL]), Fit.POSSIBLE),
        (CODE, Said([MAIL], "", ["  \n"]), Fit.POSSIBLE),
        (CODE, Said([MAIL], "", ["Mail is late"]), Fit.POSSIBLE),
        (CODE, Said([MAIL], "", ["451 4.7.1 try again later"]), Fit.LIKELY),
        (CODE, Said([MAIL], "", ["host said: 451-4.7.1 try again"]), Fit.LIKELY),
        (CODE, Said([MAIL], "", ["we are GREYLISTED since noon"]), Fit.LIKELY),
        (CODE, Said([MAIL], "", ["550 5.1.1 user unknown"]), Fit.NONE),
        (CODE, Said([MAIL], "", ["451 4.7.10 other"]), Fit.NONE),
        (CODE, Said([MAIL], "", ["550 5.1.1 user unknown", "451 4.7.1"]), Fit.LIKELY),
        (CODE, Said([FAX], "", ["451 4.7.1"]), Fit.NONE),
        (WORD, Said([MAIL], "", ["no quarantine\n  digest today"]), Fit.LIKELY),
        (WORD, Said([MAIL], "", ["550 5.1.1 user unknown"]), Fit.POSSIBLE),
        (WORD, Said([MAIL], "", ["the quarantine"]), Fit.POSSIBLE),
    ],
)
def test_a_known_issue_fits_by_the_table(scope: Scope, said: Said, expected: Fit):
    assert fit(scope, said) == expected


@given(st.text(), st.text(max_size=100))
def test_no_text_and_no_pattern_break_it(text: str, pattern: str):
    assert holds(text, pattern) in {True, False}
    assert fit(Scope([MAIL], [], [pattern]), Said([MAIL], "", [text])) in set(Fit)


@given(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")), st.text())
def test_without_a_common_service_nothing_fits(ours, theirs, text):
    said = Said([ord(letter) for letter in theirs], "", [text])
    expected = {Fit.NONE} if not ours & theirs else {Fit.POSSIBLE}
    assert fit(Scope([ord(letter) for letter in ours]), said) in expected
