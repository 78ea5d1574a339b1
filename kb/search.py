"""How typed words find an article. docs/decisions has the reasons.

First what contains all the words, in either language, by the index. Only when that finds nothing, what answers most
of them with spelling forgiven; that looks at every article, of which there are hundreds at most.
"""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, FloatField, Func, Q, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Greatest

from contacts.bilingual import OTHER

CONFIGS = {"en": "english", "de": "german"}
MAX_LETTERS = 200
MAX_FOUND = 20
MAX_FORGIVEN = 12  # words; each costs some 0.1 ms an article
ENOUGH = 0.5  # half of the typed words
NEAR_THE_BEST = 0.75  # what answers far less than the best article is noise beside it
OTHER_LANGUAGE = 0.5  # a match in the reader's own language is worth twice one in the other


def plain(typed: str) -> str:
    """What Postgres can be asked: no NUL, no half characters, 200 letters at most."""
    return typed[:MAX_LETTERS].replace("\0", " ").encode("utf-8", "ignore").decode().strip()


def vector(language: str) -> Any:
    """The words of an article in one language, stemmed: question before keywords before answer."""
    config = CONFIGS[language]
    return (
        SearchVector(f"question_{language}", config=config, weight="A")
        + SearchVector(f"keywords_{language}", config=config, weight="B")
        + SearchVector(f"answer_{language}", f"next_step_{language}", config=config, weight="C")
    )


def query(words: str, language: str) -> SearchQuery:
    """As in a web search: "exact words", or, -without. It takes any input and never fails."""
    return SearchQuery(words, config=CONFIGS[language], search_type="websearch")


def says(words: str) -> Q:
    return Q(search_en=query(words, "en")) | Q(search_de=query(words, "de"))


def rank(words: str, language: str) -> CombinedExpression:
    other = OTHER[language]
    return SearchRank(F(f"search_{language}"), query(words, language)) + Value(OTHER_LANGUAGE) * SearchRank(
        F(f"search_{other}"), query(words, other)
    )


class Answered(Func):
    """The share of the typed words that an article answers, 0 to 1.

    Stop words and endings are taken off the typed words first. A word counts 1 when the article contains it, its
    similarity when the question or the keywords contain something spelt nearly so, and 0 below that.
    """

    output_field = FloatField()
    # 0.45: `recieve` and `quarantene` pass, two words that merely begin alike do not.
    template = """(
        SELECT coalesce(avg(CASE WHEN lexeme = ANY (tsvector_to_array(vector)) THEN 1
                                 WHEN likeness >= 0.45 THEN likeness ELSE 0 END), 0)
        FROM (SELECT %(expressions)s) AS given (vector, question, keywords, typed)
        CROSS JOIN LATERAL unnest(to_tsvector('%(config)s', typed)) AS asked (lexeme, positions, weights)
        CROSS JOIN LATERAL (
            SELECT word_similarity(unaccent(lexeme), unaccent(question || ' ' || keywords))
        ) AS near (likeness)
    )"""

    def __init__(self, words: str, language: str) -> None:
        columns = (F(f"{name}_{language}") for name in ("search", "question", "keywords"))
        super().__init__(*columns, Value(words), config=CONFIGS[language])


def answered(words: str, language: str) -> Combinable:
    first = " ".join(words.split()[:MAX_FORGIVEN])
    return Greatest(Answered(first, language), Answered(first, OTHER[language]))
