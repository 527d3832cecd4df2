"""Addresses of following by mail; those below confirm/ and stop/ are secrets of a mailbox."""

from django.urls import path

from consultations import subscription_views

app_name = "subscriptions"

urlpatterns = [
    path("", subscription_views.new, name="new"),
    path("sent/", subscription_views.sent, name="sent"),
    path("confirm/<str:token>/", subscription_views.confirm, name="confirm"),
    path("stop/<str:secret>/", subscription_views.stop, name="stop"),
]
