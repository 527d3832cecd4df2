"""What clerks do with a paper in the admin."""

from django.test import Client
from django.urls import reverse

from consultations.lifecycle import Channel
from portal.accounts.roles import Role
from tests import factories


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def a_second_clerk():
    return factories.a_member_of_staff(Role.OPINION_MODERATOR, username="second")


def url(name, *args):
    return reverse(f"wagtailsnippets_consultations_opinion:{name}", args=args)


def enter(client, page, **data):
    filled = {"channel": Channel.POST, "text": "请放宽到一年。", "points": "1"} | data
    return client.post(url("enter_for", page.pk), filled, follow=True)


def errors(response):
    return response.context["form"].errors
