"""Where the screens for opinions on paper and for exports are, below the list of opinions."""

from django.urls import URLPattern, path

from consultations.viewsets.offline import EnterOpinionView, OfflineReceiptView, OpenedRoundsView
from consultations.viewsets.offline_table import (
    TableLookView,
    TableReceiptsView,
    TableTemplateView,
    TableView,
)
from consultations.viewsets.opinion_export import ExportOpinionsView
from consultations.viewsets.transcript import ScanView, TranscriptsView, TranscriptView

OFFLINE_URLS: list[URLPattern] = [
    path("enter/", OpenedRoundsView.as_view(), name="enter"),
    path("enter/<int:round>/", EnterOpinionView.as_view(), name="enter_for"),
    path("enter/<int:round>/table/", TableView.as_view(), name="table"),
    path("enter/<int:round>/table/<int:staged>/", TableLookView.as_view(), name="table_look"),
    path(
        "enter/<int:round>/table/template.xlsx",
        TableTemplateView.as_view(),
        name="table_template",
    ),
    path(
        "enter/<int:round>/table/receipts.xlsx",
        TableReceiptsView.as_view(),
        name="table_receipts",
    ),
    path("<int:pk>/receipt.pdf", OfflineReceiptView.as_view(), name="receipt"),
    path("export/", ExportOpinionsView.as_view(), name="export"),
    path("transcripts/", TranscriptsView.as_view(), name="transcripts"),
    path("transcripts/<int:pk>/", TranscriptView.as_view(), name="transcript"),
    path("<int:pk>/scans/<int:file>/", ScanView.as_view(), name="scan"),
]
