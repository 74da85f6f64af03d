"""The office keeps the law catalogue: added to, changed from a day on, mended, ended.

Each with a reason; nothing is overwritten that an older record was judged by. A change of the law
closes the version at hand and opens another; only what was typed wrong is mended in place.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.law_articles import article_numbers
from violations.law_checks import (
    ArticleInput,
    checked,
    faults_of_change,
    faults_of_end,
    faults_of_reason,
)
from violations.laws import law_key
from violations.models import LawArticle
from violations.writing import save_as


class StaleArticle(Exception):  # noqa: N818 - as the errors of decisions
    """Somebody changed the entry since it was read (409): ``article`` as it is now."""

    def __init__(self, article: LawArticle) -> None:
        self.article = article
        super().__init__("该条目已有他人修改，您的修改没有保存。请查看现在的内容，再决定是否修改。")


@transaction.atomic
def add_article(*, officer: Officer, data: ArticleInput, reason: str) -> LawArticle:
    """Put one more entry into the catalogue. Raises NotAllowed, InvalidDecision."""
    _require_right(officer)
    made = LawArticle(recorded_by=officer)
    _fill(made, checked(data, reason))
    _save(officer, made, one_line(reason), "law.add")
    return made


@transaction.atomic
def change_article(
    *, officer: Officer, article_id: int, version: int, data: ArticleInput, reason: str
) -> LawArticle:
    """The law changed on ``data.valid_from``: close the version at hand, open another.

    Raises LawArticle.DoesNotExist, NotAllowed, StaleArticle, InvalidDecision.
    """
    _require_right(officer)
    old = _locked(article_id, version)
    data = checked(data, reason, besides=old, more=faults_of_change(old, data.valid_from))
    assert data.valid_from is not None  # checked
    new = LawArticle(recorded_by=officer, replaces=old, sealed=old.sealed)
    _fill(new, data)
    new.valid_until = old.valid_until
    old.valid_until = data.valid_from - timedelta(days=1)
    old.version += 1
    _save(officer, old, one_line(reason), "law.close")
    _save(officer, new, one_line(reason), "law.change", replaces=old.pk)
    return new


@transaction.atomic
def mend_article(
    *, officer: Officer, article_id: int, version: int, data: ArticleInput, reason: str
) -> LawArticle:
    """What was typed wrong, set right in place: as if it had always stood so.

    Raises LawArticle.DoesNotExist, NotAllowed, StaleArticle, InvalidDecision.
    """
    _require_right(officer)
    article = _locked(article_id, version)
    _fill(article, checked(data, reason, besides=article, until=article.valid_until))
    article.version += 1
    _save(officer, article, one_line(reason), "law.set_right")
    return article


@transaction.atomic
def end_article(
    *, officer: Officer, article_id: int, version: int, last_day: date | None, reason: str
) -> LawArticle:
    """The article no longer holds after ``last_day``; older records keep it.

    Raises LawArticle.DoesNotExist, NotAllowed, StaleArticle, InvalidDecision.
    """
    _require_right(officer)
    article = _locked(article_id, version)
    faults = [*faults_of_end(article, last_day), *faults_of_reason(reason)]
    if faults:
        raise InvalidDecision(faults)
    article.valid_until = last_day
    article.version += 1
    _save(officer, article, one_line(reason), "law.end")
    return article


def _require_right(officer: Officer) -> None:
    if not officer.may(Can.KEEP_CATALOGUES):
        raise NotAllowed("您的角色不能修改法律目录。需要修改的，请联系局办公室。")


def _locked(article_id: int, version: int) -> LawArticle:
    article: LawArticle = LawArticle.objects.select_for_update().get(pk=article_id)
    if article.version != version or hasattr(article, "replaced_by"):
        raise StaleArticle(article)
    return article


def _save(officer: Officer, row: LawArticle, reason: str, action: str, **details: Any) -> None:
    save_as(officer, row, reason=reason)
    audit.record(actor=officer, action=action, target=row, reason=reason, details=details)


def _fill(row: LawArticle, data: ArticleInput) -> None:
    row.law = data.law
    row.law_key = law_key(data.law)
    row.article = data.article
    row.number = next(iter(article_numbers(data.article)), "")
    row.violation_type = data.violation_type
    row.field = data.field
    row.kinds = " ".join(data.kinds)
    row.fine_min = data.fine_min
    row.fine_max = data.fine_max
    row.valid_from = data.valid_from
