"""How typed words find an article. docs/decisions has the reasons.

First what contains all the words, in either language, by the index. Only when that finds nothing, what answers most
of them with spelling forgiven: a word that nobody has written is taken for those of questions and keywords that look
like it.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import CombinedExpression

from contacts.bilingual import OTHER

CONFIGS = {"en": "english", "de": "german"}
MAX_LETTERS = 200
MAX_FOUND = 20
MAX_FORGIVEN = 12  # words; each unknown one is compared with every word of the questions and keywords
ENOUGH = 0.5  # half of what was typed, rare words counting more than those of every article
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


# A typed word means itself; one of the first part that no question and no keyword has, in neither language, means also
# those that look like it: `recieve` and `quarantene` pass at 0.45, two words that merely begin alike do not. A word
# weighs by how few articles hold it, so that "mail" finds nothing by itself. The vectors are asked through their index.
ANSWERED = """
WITH visible AS MATERIALIZED ({visible}),
typed AS MATERIALIZED (
    SELECT part, place, language, lexeme
    FROM unnest(%(parts)s::text[]) WITH ORDINALITY AS given (words, part)
    CROSS JOIN (VALUES ('en', 'english'::regconfig), ('de', 'german'::regconfig)) AS config (language, config)
    CROSS JOIN LATERAL unnest(to_tsvector(config, words)) AS said (lexeme, places, weights)
    CROSS JOIN LATERAL unnest(places) AS place
), vocabulary AS MATERIALIZED (
    SELECT 'en' AS language, word, unaccent(word) AS bare
    FROM ts_stat('SELECT search_en FROM kb_article', 'ab')
    UNION ALL
    SELECT 'de', word, unaccent(word) FROM ts_stat('SELECT search_de FROM kb_article', 'ab')
), known AS MATERIALIZED (
    SELECT DISTINCT place FROM typed JOIN vocabulary ON vocabulary.language = typed.language AND word = lexeme
    WHERE part = 1
), meant AS MATERIALIZED (
    SELECT DISTINCT language, lexeme, 1::float AS likeness, quote_literal(lexeme)::tsquery AS query FROM typed
    UNION ALL
    SELECT language, lexeme, likeness, (quote_literal(word) || ':AB')::tsquery
    FROM (SELECT DISTINCT language, lexeme, unaccent(lexeme) AS bare
          FROM typed WHERE part = 1 AND length(lexeme) > 3 AND place NOT IN (SELECT place FROM known)) AS unknown
    JOIN vocabulary USING (language)
    CROSS JOIN LATERAL (SELECT word_similarity(unknown.bare, vocabulary.bare)) AS near (likeness)
    WHERE likeness >= 0.45
), answered AS MATERIALIZED (
    SELECT id, language, lexeme, max(likeness) AS likeness
    FROM (SELECT kb_article.id, language, lexeme, likeness
          FROM meant JOIN kb_article ON language = 'en' AND search_en @@ query
          UNION ALL
          SELECT kb_article.id, language, lexeme, likeness
          FROM meant JOIN kb_article ON language = 'de' AND search_de @@ query) AS held
    WHERE id IN (SELECT id FROM visible)
    GROUP BY id, language, lexeme
), weighed AS MATERIALIZED (
    SELECT language, lexeme, ln(2 + (SELECT count(*) FROM visible)::float / greatest(count(id), 1)) AS weight
    FROM (SELECT DISTINCT language, lexeme FROM typed) AS words LEFT JOIN answered USING (language, lexeme)
    GROUP BY language, lexeme
), asked AS MATERIALIZED (
    SELECT DISTINCT part, language, lexeme, weight, sum(weight) OVER (PARTITION BY part, language) AS whole
    FROM (SELECT DISTINCT part, language, lexeme FROM typed) AS words JOIN weighed USING (language, lexeme)
), best AS MATERIALIZED (
    SELECT id, max(share) AS share
    FROM (SELECT id, sum(likeness * weight) / min(whole) AS share
          FROM asked JOIN answered USING (language, lexeme) GROUP BY id, part, language) AS shares
    GROUP BY id HAVING max(share) >= %(enough)s
)
SELECT id, share FROM best JOIN kb_article USING (id)
ORDER BY share DESC, (
    SELECT sum(ts_rank(CASE meant.language WHEN 'en' THEN search_en ELSE search_de END, query)
               * likeness * (CASE meant.language WHEN %(language)s THEN 1 ELSE %(other_language)s END))
    FROM meant
) DESC, id LIMIT %(limit)s
"""


def answering(articles: QuerySet[Any, Any], parts: Sequence[str], language: str) -> list[int]:
    """The keys of the best twenty of `articles`, best first, by the part of what was typed that each answers best.

    A part is a text of its own, such as a subject; words of one part are not held against another, and spelling is
    forgiven in the first one only. One statement.
    """
    values: dict[str, Any] = {
        "parts": [" ".join(plain(part).split()[:MAX_FORGIVEN]) for part in parts],
        "language": language,
        "other_language": OTHER_LANGUAGE,
        "enough": ENOUGH,
        "limit": MAX_FOUND,
    }
    try:
        sql, params = articles.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return []
    names = [f"visible_{position}" for position in range(len(params))]
    values.update(zip(names, params, strict=True))
    visible = sql % tuple(f"%({name})s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED.format(visible=visible), values)
        found: list[tuple[int, float]] = cursor.fetchall()
    return [key for key, share in found if share >= NEAR_THE_BEST * found[0][1]]
