"""Staff accounts as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Users, units and roles."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Create the role groups once permissions exist; say who may do what; watch sign-ins."""
        from wagtail.documents import get_document_model
        from wagtail.images import get_image_model
        from wagtail.models import Page
        from wagtail.permissions import register_permission_policy

        from portal.accounts.file_policy import ScopedFilePermissionPolicy
        from portal.accounts.policies import ScopedPagePermissionPolicy
        from portal.accounts.roles import sync_roles_after_migrate
        from portal.accounts.sign_in import checks, sessions, trail  # noqa: F401
        from portal.accounts.sign_in.secrets import rewrite_factor_secrets
        from portal.core.key_rotation import also_rewrite

        register_permission_policy(Page, ScopedPagePermissionPolicy())
        for files in (get_document_model(), get_image_model()):
            # For exactly this class, so that Wagtail's own, registered later, does not count.
            policy = ScopedFilePermissionPolicy(files)
            register_permission_policy(files, policy, exact_class=True)
        post_migrate.connect(sync_roles_after_migrate, dispatch_uid="accounts.sync_roles")
        also_rewrite(rewrite_factor_secrets)
