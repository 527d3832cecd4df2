"""Documents with words in them, and how a page holds them."""

from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from tests.factories.files import a_pdf_that_says

PAGES = ("目录", "夜间停放专家论证意见")


def a_document(content=None, name="report.pdf"):
    document = Document(title="风险评估报告")
    document.file.save(name, ContentFile(a_pdf_that_says(*PAGES) if content is None else content))
    return document


def held(*documents, disclosure="active"):
    return [
        {
            "type": "attachment",
            "value": {"document": one.pk, "title": "", "disclosure": disclosure, "reason": "因故"},
        }
        for one in documents
    ]
