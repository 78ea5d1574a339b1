"""What we know: articles by service and topic, where else to look, and what is going on."""

from kb.models.announcements import Announcement
from kb.models.articles import Article, ArticleStep, Feedback, Placement, Topic
from kb.models.outcomes import Outcome
from kb.models.resources import Resource

__all__ = ["Announcement", "Article", "ArticleStep", "Feedback", "Outcome", "Placement", "Resource", "Topic"]
