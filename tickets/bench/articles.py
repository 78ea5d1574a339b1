"""Articles in bulk, beside the ones of the guide, so that a search among them has something to look through."""

from datetime import datetime
from random import Random

from kb.models import Article, Placement, Topic
from tickets.bench import words
from tickets.bench.known import ARTICLES, FOUND


def store(now: datetime) -> None:
    """As many as are missing to ARTICLES, spread over all topics; every tenth holds FOUND."""
    rng = Random(words.SEED)  # noqa: S311
    known = words.vocabulary(rng)
    missing = range(ARTICLES - Article.objects.count())
    articles = Article.objects.bulk_create(_article(number, rng, known, now) for number in missing)
    topics = list(Topic.objects.order_by("pk"))
    Placement.objects.bulk_create(
        Placement(article=article, topic=topics[place % len(topics)], position=100 + place)
        for place, article in enumerate(articles)
    )


def _article(number: int, rng: Random, known: list[str], now: datetime) -> Article:
    asked = rng.choices(known, k=5)
    if number % 10 == 0:
        asked.append(FOUND)
    return Article(
        slug=f"bench-{number}",
        question_en=f"{' '.join(asked).capitalize()}?",
        answer_en="\n".join(f"{step}. {' '.join(rng.choices(known, k=12)).capitalize()}." for step in (1, 2, 3, 4)),
        keywords_en=" ".join(rng.choices(known, k=6)),
        published_at=now,
    )
