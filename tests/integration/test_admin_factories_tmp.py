import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from consultations.lifecycle import Phase, Stage
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_roles():
    for g in Group.objects.all():
        print(g.name, sorted(g.permissions.values_list("codename", flat=True)))
    assert Group.objects.get(name="opinion_moderator").permissions.count() == 6
    assert f.a_clerk().has_perm("consultations.change_opinion")


def test_states():
    at = timezone.now()
    assert f.a_matter().live
    assert f.an_open_round().phase(at=at) is Phase.OPEN
    assert f.a_scheduled_round().phase(at=at) is Phase.SCHEDULED
    r = f.a_closed_round()
    assert r.phase(at=at) is Phase.CLOSED and r.item.stage == Stage.CONSULTATION_CLOSED
    o = f.an_opinion(r, article=2)
    o2 = f.an_offline_opinion(r)
    f.an_answered_issue(o, o2)
    s = f.a_summary(r)
    assert s.live and s.consultation.item.stage == Stage.FEEDBACK_PUBLISHED
    d = f.a_decision()
    assert d.live and d.item.stage == Stage.PUBLISHED


def test_republish_keeps_stage():
    d = f.a_decision()
    item = d.item
    item = type(item).objects.get(pk=item.pk).get_latest_revision_as_object()
    item.save_revision().publish()
    assert type(item).objects.get(pk=item.pk).stage == Stage.PUBLISHED
