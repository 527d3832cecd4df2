"""Removing personal data whose purpose is met (PRI-1, PIPL art. 19 and 47)."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from wagtail.log_actions import log

from consultations.lifecycle import official_date
from consultations.models import ConsultationPage, Opinion
from portal.core.models import current_limits


@transaction.atomic
def purge_personal_data(*, at: datetime) -> int:
    """Empty e-mail addresses, and names not shown by consent, of rounds reported on long ago.

    A name stays where its owner wants it shown beside the opinion. Safe to repeat.

    Returns:
        How many opinions were emptied.

    """
    last_day = official_date(at) - timedelta(days=current_limits().retention_days)
    due = Opinion.norel_objects.reported_before(last_day).with_contact_data()
    emptied = Counter(due.order_by().values_list("consultation_id", flat=True))
    due.filter(name_consent=False).update(author_name="", author_email="")
    due.update(author_email="")
    for page in ConsultationPage.objects.filter(pk__in=emptied):
        log(page, "consultations.purge_personal_data", data={"opinions": emptied[page.pk]})
    return emptied.total()
