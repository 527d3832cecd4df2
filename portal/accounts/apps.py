"""Staff accounts as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Users, units and roles."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Create the role groups once permissions exist; watch over signing in."""
        from portal.accounts.roles import sync_roles_after_migrate
        from portal.accounts.sign_in import checks, sessions, trail  # noqa: F401
        from portal.accounts.sign_in.secrets import rewrite_factor_secrets
        from portal.core.key_rotation import also_rewrite

        post_migrate.connect(sync_roles_after_migrate, dispatch_uid="accounts.sync_roles")
        also_rewrite(rewrite_factor_secrets)
