"""The permission policy of pages: what Wagtail asks it, and the same questions asked backwards."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupPagePermission, Page
from wagtail.permissions import policy_registry

from portal.accounts.models import User
from portal.accounts.roles import OFFICE_WIDE, PAGE_ACTIONS, UNIT_ROLES, sync_roles
from tests import factories
from tests.integration.access.world import (
    CLERK,
    EDITOR,
    NO_ROLE,
    OTHER,
    OWN,
    PUBLISHER,
)

pytestmark = pytest.mark.django_db
ACTS = ("add", "change", "publish", "bulk_delete", "lock", "unlock")


@pytest.fixture
def policy():
    return policy_registry.get_by_type(Page)


def afresh(user):
    """The same user as another request reads it."""
    return User.objects.get(pk=user.pk)


def test_only_the_roles_of_the_office_have_stored_permissions(world):
    sync_roles()
    holders = set(GroupPagePermission.objects.values_list("group__name", flat=True))
    assert {str(role) for role in OFFICE_WIDE} <= holders
    assert not {str(role) for role in UNIT_ROLES} & holders


@pytest.mark.parametrize("person", [EDITOR, CLERK])
def test_a_unit_works_on_what_stands_below_its_matters(world, policy, person):
    user = world.people[person]
    own, other = world.dossiers[OWN], world.dossiers[OTHER]
    may = {act.removesuffix("_page") for act in PAGE_ACTIONS[person]}
    for page in [own.item, *own.pages.values()]:
        granted = {act for act in ACTS if policy.user_has_permission_for_instance(user, act, page)}
        assert granted == may
    elsewhere = [other.item, *other.pages.values(), *Page.objects.filter(depth__lt=own.item.depth)]
    for page in elsewhere:
        assert not policy.user_has_any_permission_for_instance(user, ACTS, page)


def test_the_tree_is_walked_from_the_first_page_that_all_own_ones_share(world, policy):
    user = world.people[EDITOR]
    own, other = world.dossiers[OWN], world.dossiers[OTHER]
    known = set(policy.explorable_instances(user).values_list("pk", flat=True))
    assert own.item.get_parent().pk in known
    assert {page.pk for page in own.pages.values()} <= known
    assert not {other.item.pk, *(page.pk for page in other.pages.values())} & known
    assert policy.explorable_root_instance(user) == own.item.get_parent()


def test_a_unit_that_drafts_together_with_another_works_on_the_matter_too(world, policy):
    other = world.dossiers[OTHER]
    other.item.co_units.add(world.dossiers[OWN].unit)
    other.item.save()
    user = afresh(world.people[EDITOR])
    assert policy.user_has_permission_for_instance(user, "change", other.pages["draft"])


def test_a_unit_without_matters_and_a_person_without_a_unit_have_nothing(world, policy):
    for unit in (factories.a_unit("市档案局", "档案局", "archive"), None):
        user = factories.a_member_of_staff("unit_editor", username=f"lone-{unit}", unit=unit)
        User.objects.filter(pk=user.pk).update(unit=unit)
        user = afresh(user)
        assert not policy.user_has_any_permission(user, ACTS)
        assert not policy.explorable_instances(user).exists()
        assert policy.explorable_root_instance(user) is None


def test_a_closed_account_has_nothing(world, policy):
    user = afresh(world.people[EDITOR])
    user.is_active = False
    assert not policy.user_has_any_permission(user, ACTS)
    assert not policy.explorable_instances(user).exists()


def test_asked_forwards_and_backwards_the_answers_agree(world, policy):
    government = world.dossiers[OWN].unit.parent
    factories.a_member_of_staff("unit_editor", username="above", unit=government)
    factories.a_member_of_staff("unit_editor", "legal_reviewer", username="both", unit=government)
    users = list(User.objects.all())
    for act in ACTS:
        may_somewhere = {user for user in users if policy.user_has_permission(user, act)}
        assert set(policy.users_with_permission(act)) == may_somewhere
        for page in Page.objects.filter(depth__gt=1):
            forwards = {
                user for user in users if policy.user_has_permission_for_instance(user, act, page)
            }
            assert set(policy.users_with_permission_for_instance(act, page)) == forwards


def test_what_lists_give_is_what_each_page_says(world, policy):
    for user in world.people.values():
        for act in ACTS:
            listed = set(policy.instances_user_has_permission_for(user, act))
            asked = {
                page
                for page in Page.objects.all()
                if policy.user_has_permission_for_instance(user, act, page)
            }
            assert listed == asked


def test_rights_are_read_once_for_a_user(world, policy):
    user = afresh(world.people[EDITOR])
    pages = list(Page.objects.all())
    policy.user_has_permission_for_instance(user, "change", pages[0])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for page in pages:
            page.permissions_for_user(user).can_publish()
            policy.user_has_permission_for_instance(user, "change", page)
    assert len(queries) == 0


def test_search_of_the_admin_ends_at_the_scope(world, client):
    client.force_login(world.people[EDITOR])
    found = client.get("/admin/pages/search/?q=CANARY").content.decode()
    assert "CANARY-housing-draft-round" in found
    assert "CANARY-water" not in found


@pytest.mark.parametrize(("person", "status"), [(EDITOR, 404), (PUBLISHER, 302)])
def test_what_is_out_of_scope_is_not_there_for_a_post_either(world, client, person, status):
    client.force_login(world.people[person])
    page = world.dossiers[OTHER].pages["draft"]
    assert client.post(f"/admin/pages/{page.pk}/unpublish/").status_code == status
    assert client.post(f"/admin/pages/{page.pk}/delete/").status_code == status


def test_who_has_no_role_is_not_let_into_the_admin(world, client, policy):
    assert not policy.user_has_any_permission(world.people[NO_ROLE], ACTS)
    client.force_login(world.people[NO_ROLE])
    assert client.get("/admin/").status_code == 302
