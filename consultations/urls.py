"""Addresses of the public's own pages; none carries a text, a name or a receipt number."""

from django.urls import path

from consultations import author_views, journey_views, sending_views, views

app_name = "opinions"

urlpatterns = [
    path("write/<int:page_id>/", journey_views.write, name="write"),
    path("write/<int:page_id>/about/", journey_views.about, name="about"),
    path("write/<int:page_id>/check/", sending_views.check, name="check"),
    path("write/<int:page_id>/erase/", journey_views.erase, name="erase"),
    path("received/", views.received, name="received"),
    path("received/receipt.pdf", author_views.receipt_paper, name="receipt_paper"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("status/", views.status, name="status"),
    path("resend/", author_views.resend, name="resend"),
    path("mine/<str:secret>/", author_views.mine, name="mine"),
    path("mine/<str:secret>/receipt.pdf", author_views.my_receipt_paper, name="my_receipt_paper"),
    path("mine/<str:secret>/files/<int:file_id>/", author_views.my_file, name="my_file"),
    path("mine/<str:secret>/<slug:name>/", author_views.act, name="act"),
]
