"""The addresses of the years to take home."""

from django.urls import path

from decisions.datasets.views import open_data, open_data_of

app_name = "open_data"
urlpatterns = [
    path("", open_data, name="years"),
    path("<int:year>.zip", open_data_of, name="year"),
]
