"""Addresses of the public's own pages; none carries a text, a name or a receipt number."""

from django.urls import path

from consultations import author_views, views

app_name = "opinions"

urlpatterns = [
    path("write/<int:page_id>/", views.write, name="write"),
    path("received/", views.received, name="received"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("status/", views.status, name="status"),
    path("resend/", author_views.resend, name="resend"),
    path("mine/<str:secret>/", author_views.mine, name="mine"),
    path("mine/<str:secret>/<slug:name>/", author_views.act, name="act"),
]
