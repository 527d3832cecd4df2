"""A list of consultations to start from: what comes next depends on the draft's articles."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from consultations.models import ConsultationPage
from consultations.querysets import ConsultationQuerySet

WHOLE_DRAFT = ("", _("The whole draft"))


def rounds_in_scope(request: HttpRequest) -> ConsultationQuerySet:
    """Return the rounds that whoever asks works on, newest first; for the filter of a list."""
    rounds: ConsultationQuerySet = ConsultationPage.objects.in_scope_of(request.user)
    return rounds.order_by("-opens_on", "-pk")


def article_choices(consultation: ConsultationPage) -> list[tuple[str, Any]]:
    """Return the whole draft and each of its articles, for a form."""
    return [
        WHOLE_DRAFT,
        *(
            (article.id, f"{article.label}　{article.text[:30]}")
            for article in consultation.articles
        ),
    ]


class RoundsView(PermissionCheckedMixin, BaseListingView):
    """Public rounds, newest first; each leads to `next_url_name`."""

    model: Any = None
    is_searchable = False
    next_url_name = ""
    verbose_name = ConsultationPage._meta.verbose_name
    verbose_name_plural = ConsultationPage._meta.verbose_name

    @property
    def columns(self) -> list[BaseColumn]:
        """Show title and period."""
        return [
            TitleColumn("title", label=_("Consultation"), url_name=self.next_url_name),
            Column("opens_on", label=_("Opens on")),
            Column("closes_on", label=_("Closes on")),
        ]

    def get_queryset(self) -> QuerySet[ConsultationPage]:
        """Return the rounds to choose from."""
        rounds: QuerySet[ConsultationPage] = rounds_in_scope(self.request).live()
        return rounds
