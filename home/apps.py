"""The front door, as a Django app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home page, standard pages and the demo city."""

    name = "home"
