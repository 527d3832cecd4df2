"""Let somebody who lost phone, keys and recovery codes begin anew."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.sign_in.trail import note_factor


class Command(BaseCommand):
    """Remove the second factors of one account; its sessions wait until it has a new one."""

    help = "Remove all second factors of one account, after its owner has proved who they are."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the account."""
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Remove the factors and note it.

        Raises:
            CommandError: there is no such account.

        """
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(_("There is no such account."))
        factors = Authenticator.objects.filter(user_id=user.pk)
        for factor in factors:
            note_factor("accounts.factor_removed", user, factor.type, by=None)
        removed, _rows = factors.delete()
        self.stdout.write(f"removed={removed}")
