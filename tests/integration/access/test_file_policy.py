"""Documents and pictures: a file is of its uploader's unit."""

import pytest
from wagtail.documents import get_document_model
from wagtail.permissions import policy_registry

from portal.accounts.models import User
from tests.integration.access.world import CLERK, DRAFT, EDITOR, LEGAL, OTHER, OWN, SUPERUSER

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy():
    return policy_registry.get_by_type(get_document_model())


@pytest.mark.parametrize("person", [EDITOR, CLERK])
def test_a_unit_chooses_its_own_files(world, policy, person):
    user = world.people[person]
    offered = set(policy.instances_user_has_permission_for(user, "choose"))
    assert offered == set(world.dossiers[OWN].files.values())


@pytest.mark.parametrize("person", [LEGAL, SUPERUSER])
def test_the_office_chooses_files_of_every_unit(world, policy, person):
    offered = set(policy.instances_user_has_permission_for(world.people[person], "choose"))
    assert offered >= {file for one in world.dossiers.values() for file in one.files.values()}


def test_asked_forwards_and_backwards_the_answers_agree(world, policy):
    users = list(User.objects.all())
    for unit in (OWN, OTHER):
        file = world.dossiers[unit].files[DRAFT]
        forwards = {
            user for user in users if policy.user_has_permission_for_instance(user, "choose", file)
        }
        assert set(policy.users_with_permission_for_instance("choose", file)) == forwards


def test_the_chooser_offers_the_files_of_the_unit(world, client):
    client.force_login(world.people[EDITOR])
    content = client.get("/admin/documents/chooser/results/?q=CANARY").content.decode()
    assert "CANARY-housing" in content
    assert "CANARY-water" not in content


def test_the_list_holds_what_one_uploaded(world, client):
    client.force_login(world.dossiers[OWN].records["writer"])
    content = client.get("/admin/documents/").content.decode()
    assert "CANARY-housing" in content
    assert "CANARY-water" not in content
