"""What explains a matter 政策解读: the interpretations below it, and every question they answer."""

from functools import cached_property
from typing import TYPE_CHECKING

from django.http import Http404
from django.template.response import TemplateResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from consultations.interpretation_blocks import Part
from consultations.models.interpretation import InterpretationPage
from portal.core.pages import BasePage
from portal.core.remembered import remembered

if TYPE_CHECKING:
    from django.http import HttpRequest

# All questions and answers, below a matter's own address.
QUESTIONS = "questions"


class Interpreted(RoutablePageMixin, BasePage):
    """Gives a matter the interpretations of its drafts and its decision."""

    class Meta:
        abstract = True

    @cached_property
    def public_interpretations(self) -> list[InterpretationPage]:
        """The public interpretations of its drafts and decision, read once with their texts."""
        return list(InterpretationPage.objects.public_below(self))

    def questions(self) -> list[tuple[InterpretationPage, list[Part]]]:
        """Return the questions answered in each public interpretation that answers any."""
        told = [
            (page, [part for part in page.parts if part.kind == "question"])
            for page in self.public_interpretations
        ]
        return [(page, questions) for page, questions in told if questions]

    @property
    def questions_url(self) -> str:
        """The address of all its questions and answers; empty while there is none."""
        return f"{self.get_absolute_url()}{QUESTIONS}/" if self.questions() else ""

    @property
    def is_interpreted(self) -> bool:
        """Whether there are public interpretations, remembered for pages that only lead there."""
        return remembered(f"interpreted:{self.pk}", lambda: bool(self.public_interpretations))

    @path(f"{QUESTIONS}/", name="questions")
    def all_questions(self, request: "HttpRequest") -> TemplateResponse:
        """Show every question answered on the matter, each with a link to where it stands.

        Raises:
            Http404: no public interpretation answers a question.

        """
        told = self.questions()
        if not told:
            raise Http404
        context = super().get_context(request)
        context.update(told=told, canonical=f"{self.full_url}{QUESTIONS}/")
        return TemplateResponse(request, "consultations/matter_questions.html", context)
