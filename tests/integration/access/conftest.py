"""One tree of two units for all tests of a module; what a test does to it is taken back."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from portal.settings import development
from tests.integration.access.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Everybody and everything."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.MEDIA_ROOT", str(tmp_path_factory.mktemp("media")))
        patch.setattr("django.conf.settings.PRIVATE_FILES_ROOT", tmp_path_factory.mktemp("private"))
        with transaction.atomic():
            # The admin's search and choosers are among the addresses.
            with override_settings(TASKS=development.TASKS):
                world = build()
            yield world
            transaction.set_rollback(True)
