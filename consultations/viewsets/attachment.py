"""The files that came along with an opinion, handed to staff who may see the opinion."""

from typing import Any, ClassVar

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.generic import View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from consultations.models import Opinion, OpinionAttachment
from portal.core.private_files import download


class OpinionFileView(PermissionCheckedMixin, View):
    """One file, to be saved; whoever may see one opinion may see its files."""

    model = Opinion
    any_permission_required: ClassVar[list[str]] = ["add", "change", "delete", "view"]

    def get(self, request: HttpRequest, pk: int, file: int) -> FileResponse:
        """Return the file.

        Raises:
            Http404: the opinion is out of scope or has no such file, or what is stored is gone.

        """
        own = Opinion.objects.in_scope_of(request.user).values("pk")
        files = OpinionAttachment.objects.filter(opinion__in=own)
        found: Any = get_object_or_404(files, opinion=pk, pk=file)
        try:
            return download(found.file, name=found.name, content_type=found.content_type)
        except FileNotFoundError as error:
            raise Http404 from error
