"""Public matters as rows of a table, as the archive's copy lists them, and their rounds."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from consultations.lifecycle import Stage, official_date
from consultations.models import ConsultationPage, DecisionCategory
from consultations.models.consultation import PACKAGE
from consultations.models.topic import Topic
from consultations.querysets import ConsultationQuerySet, matter_above
from decisions.lifecycle import Validity
from decisions.models import ArchiveDossier
from decisions.search.archive import co_units_of, validities_of
from decisions.search.walking import PORTION
from portal.accounts.models import Unit
from portal.core.feeds import page_address, public_address
from portal.core.tables import Column, Value

MATTERS = (
    Column(
        "id", _("Number in the archive"), _("The lasting number of the matter in this archive.")
    ),
    Column(
        "matter_id",
        _("Id in the interface"),
        _("The id by which the interface for programs names the matter."),
    ),
    Column("title", _("Title"), _("The title of the matter.")),
    Column("url", _("Address"), _("Where the matter is public.")),
    Column("summary", _("Summary"), _("One plain sentence, where there is one.")),
    Column("document_no", _("Document number"), _("As printed on the decision, if there is one.")),
    Column(
        "year",
        _("Year"),
        _("The year of its catalogue, or in which a past decision was published."),
    ),
    Column("stage", _("Stage"), _("Where the matter stands on the day."), dict(Stage.choices)),
    Column(
        "validity",
        _("Validity"),
        _("Whether the decision is law on the day; empty without a decision."),
        dict(Validity.choices),
    ),
    Column("unit", _("Code of the drafting unit"), _("The unit that drafts it, by its code.")),
    Column("unit_name", _("Drafting unit"), _("The name of that unit.")),
    Column(
        "co_units",
        _("Codes of the co-drafting units"),
        _("The other units that draft it, by their codes, with a blank between."),
    ),
    Column(
        "topic",
        _("Topic"),
        _("Its class in the State Council's document library."),
        dict(Topic.choices),
    ),
    Column("category", _("Number of the category"), _("Its category, counted as in the law.")),
    Column("category_name", _("Category"), _("The name of that category.")),
    Column("opens_on", _("Consultation begins"), _("First day of the round that closes last.")),
    Column("closes_on", _("Consultation ends"), _("Last day of the round that closes last.")),
    Column("decided_on", _("Decision is published"), _("The day the decision was published.")),
    Column("effective_on", _("In force from"), _("First day on which the decision is law.")),
    Column("latest_on", _("Last news"), _("The day of the latest thing published.")),
    Column("opinion_count", _("Number of opinions"), _("How many opinions count, shown or not.")),
    Column("adopted_count", _("Opinions adopted"), _("Of these, adopted wholly or partly.")),
)

ROUNDS = (
    Column("id", _("Number of the round"), _("Its lasting number on this site.")),
    Column("matter", _("Matter"), _("Number of its matter in the archive.")),
    Column("title", _("Title"), _("The title of the consultation.")),
    Column("url", _("Address"), _("Where the consultation is public.")),
    Column("consultation_no", _("Consultation number"), _("As printed, where there is one.")),
    Column("round", _("Round"), _("Which round of its matter it is, counted from 1.")),
    Column("opens_on", _("Opens on"), _("First day on which opinions are taken.")),
    Column("closes_on", _("Closes on"), _("Last day on which opinions are taken.")),
    Column("opinion_count", _("Number of opinions"), _("How many opinions count, shown or not.")),
    Column("package", _("Research package"), _("Where everything public of it is one file.")),
)


def public_rounds(year: int) -> ConsultationQuerySet:
    """Return the public rounds of the matters of a year, each with the `item_id` of its own."""
    matter = matter_above().order_by().values("pk")[:1]
    found: ConsultationQuerySet = (
        ConsultationPage.objects.for_everybody()
        .annotate(item_id=Subquery(matter))
        .filter(item_id__in=ArchiveDossier.objects.filter(year=year).values("pk"))
        .order_by("item_id", "round", "pk")
        .defer("notice", "explanation", "background")
    )
    return found


def rounds_of(year: int) -> Iterator[tuple[Value, ...]]:
    """Yield a row of `ROUNDS` for each public round of the matters of a year."""
    rounds = public_rounds(year).with_opinion_count().defer("draft")
    for one in rounds.iterator(chunk_size=PORTION):
        address = page_address(one)
        yield (
            one.pk,
            one.item_id,
            one.title,
            address,
            one.consultation_no,
            one.round,
            one.opens_on,
            one.closes_on,
            one.opinion_count,
            f"{address}{PACKAGE}",
        )


def rows_of(
    portions: Iterable[list[ArchiveDossier]], *, at: datetime
) -> Iterator[tuple[Value, ...]]:
    """Yield a row of `MATTERS` for each dossier, in the memory of one portion.

    Args:
        portions: dossiers, as `Walk.portions` yields them.
        at: the moment of the stages and validities.

    """
    units = dict(Unit.objects.values_list("code", "name"))
    categories: dict[int | None, str] = dict(DecisionCategory.objects.values_list("number", "name"))
    for portion in portions:
        held = {dossier.pk: dossier for dossier in portion}
        validities = validities_of(held, today=official_date(at))
        beside = co_units_of(held)
        for dossier in portion:
            validity = validities.get(dossier.pk)
            yield (
                dossier.pk,
                dossier.matter_id,
                dossier.title,
                public_address(dossier.url),
                dossier.summary,
                dossier.document_no,
                dossier.year,
                str(dossier.standing(at=at)),
                str(validity) if validity else "",
                dossier.unit,
                units.get(dossier.unit, ""),
                " ".join(beside.get(dossier.pk, ())),
                dossier.topic,
                dossier.category,
                categories.get(dossier.category, ""),
                dossier.opens_on,
                dossier.closes_on,
                dossier.decided_on,
                dossier.effective_on,
                dossier.latest_on,
                dossier.opinion_count,
                dossier.adopted_count,
            )
