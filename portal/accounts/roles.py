"""The roles of domain brief §1.2 and the permission group of each."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page
from wagtail.models.media import Collection

from portal.core.release.steps import Step, put_in_place


class Role(TextChoices):
    """What a member of staff may be asked to do."""

    UNIT_EDITOR = "unit_editor", _("Drafting unit editor")
    LEGAL_REVIEWER = "legal_reviewer", _("Legality reviewer")
    PORTAL_PUBLISHER = "portal_publisher", _("Disclosure office publisher")
    RELEASE_REVIEWER = "release_reviewer", _("Secrecy reviewer")
    OPINION_MODERATOR = "opinion_moderator", _("Opinion clerk")


# These work on the matters of every unit; the others on those of their own (`scope`).
OFFICE_WIDE = frozenset({Role.LEGAL_REVIEWER, Role.PORTAL_PUBLISHER, Role.RELEASE_REVIEWER})
UNIT_ROLES = frozenset(Role) - OFFICE_WIDE

# The release review, in order: the unit that drafted, the disclosure office, secrecy (711 art. 17).
RELEASE_STEPS = (
    Step("承办单位复核", Role.UNIT_EDITOR.value),
    Step("政务公开办审核", Role.PORTAL_PUBLISHER.value),
    Step("保密审查", Role.RELEASE_REVIEWER.value, checks_secrecy=True),
)

PAGE_ACTIONS: dict[Role, tuple[str, ...]] = {
    Role.UNIT_EDITOR: ("add_page", "change_page"),
    Role.LEGAL_REVIEWER: ("change_page",),
    Role.PORTAL_PUBLISHER: ("add_page", "change_page", "publish_page"),
    Role.RELEASE_REVIEWER: ("change_page",),
    Role.OPINION_MODERATOR: ("change_page",),
}

FILE_ACTIONS = ("add_document", "choose_document")
# A picture is public as soon as it is uploaded, so only those add one who write what shows it.
PICTURE_ACTIONS: dict[Role, tuple[str, ...]] = dict.fromkeys(
    (Role.UNIT_EDITOR, Role.PORTAL_PUBLISHER), ("add_image", "choose_image")
)

# app label, model name, actions
MODEL_ACTIONS: dict[Role, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    Role.UNIT_EDITOR: (
        ("consultations", "opinion", ("view",)),
        ("consultations", "issue", ("view", "change")),
        ("consultations", "hearing", ("view", "add", "change")),
        ("consultations", "adjustmentrequest", ("view", "add")),
        ("consultations", "reasontemplate", ("view",)),
        ("decisions", "suspension", ("view",)),
        ("decisions", "cleanupentry", ("view", "change")),
        ("wagtailcore", "pagelogentry", ("view",)),
    ),
    Role.LEGAL_REVIEWER: (
        ("consultations", "hearing", ("view",)),
        ("decisions", "review", ("view", "add", "change")),
        ("decisions", "suspension", ("view",)),
        ("decisions", "cleanupentry", ("view", "change")),
    ),
    Role.PORTAL_PUBLISHER: (
        ("core", "siteidentity", ("change",)),
        ("core", "outboxmessage", ("view", "change")),
        ("consultations", "opinion", ("view",)),
        ("consultations", "issue", ("view",)),
        ("consultations", "hearing", ("view", "add", "change")),
        ("consultations", "adjustmentrequest", ("view", "change")),
        ("core", "waiver", ("view", "add")),
        ("core", "workcalendarday", ("view", "add", "change", "delete")),
        ("decisions", "review", ("view", "add", "change")),
        ("decisions", "collectivediscussion", ("view", "add", "change")),
        ("decisions", "pastimport", ("view", "add", "change")),
        ("decisions", "suspension", ("view", "add", "change")),
        ("decisions", "cleanupentry", ("view", "add", "change")),
        ("decisions", "synonymgroup", ("view", "add", "change", "delete")),
        # The trace of acts, those on accounts and deleted records with it.
        ("wagtailcore", "pagelogentry", ("view",)),
        ("wagtailcore", "modellogentry", ("view",)),
    ),
    Role.RELEASE_REVIEWER: (
        ("wagtailcore", "pagelogentry", ("view",)),
        ("wagtailcore", "modellogentry", ("view",)),
    ),
    Role.OPINION_MODERATOR: (
        ("consultations", "opinion", ("view", "change")),
        ("consultations", "issue", ("view", "add", "change")),
        ("consultations", "reasontemplate", ("view", "add", "change", "delete")),
    ),
}


def _permissions(role: Role) -> list[Permission]:
    """Return the model permissions of a role, with access to the admin."""
    wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    for app_label, model, actions in MODEL_ACTIONS.get(role, ()):
        codenames = [f"{action}_{model}" for action in actions]
        wanted |= Q(content_type__app_label=app_label, codename__in=codenames)
    return list(Permission.objects.filter(wanted))


def sync_roles() -> None:
    """Make one group a role with exactly the permissions written above; safe to repeat."""
    root_page = Page.get_first_root_node()
    root_collection = Collection.get_first_root_node()
    if root_page is None or root_collection is None:
        return
    for role in Role:
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set(_permissions(role))
        # A role that ends at its unit has its page actions by `policies`, nothing is stored.
        stored = PAGE_ACTIONS[role] if role in OFFICE_WIDE else ()
        pages = Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=stored
        )
        GroupPagePermission.objects.filter(group=group).exclude(permission__in=pages).delete()
        for permission in pages:
            GroupPagePermission.objects.get_or_create(
                group=group, page=root_page, permission=permission
            )
        add_files = Permission.objects.filter(
            codename__in=FILE_ACTIONS + PICTURE_ACTIONS.get(role, ())
        )
        GroupCollectionPermission.objects.filter(group=group).exclude(
            permission__in=add_files
        ).delete()
        for permission in add_files:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root_collection, permission=permission
            )
    put_in_place(RELEASE_STEPS)


def sync_roles_after_migrate(sender: Any, **_kwargs: Any) -> None:
    """Run `sync_roles` once the last app with models has its permissions."""
    if sender.label == [one.label for one in apps.get_app_configs() if one.models_module][-1]:
        sync_roles()
