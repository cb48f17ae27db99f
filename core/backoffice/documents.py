"""The kinds of documents that families are asked for, in the hands of agents."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from core.accounts.roles import everywhere_rule
from core.backoffice.viewsets import ScopedModelViewSet
from core.documents.models import DocumentType
from core.kernel.access import rule


class DocumentTypeViewSet(ScopedModelViewSet):
    """For the whole town. A kind that was used is put aside (« utilisé »), never deleted."""

    model = DocumentType
    name = "natures-de-pieces"
    icon = "doc-full"
    form_fields: ClassVar = [
        "label",
        "code",
        "hint",
        "subject",
        "reading",
        "shared",
        "valid_months",
        "fixed_end",
        "keeps_files",
        "asked",
        "from_age",
        "to_age",
        "rank",
        "active",
    ]
    list_display = ("label", "subject", "asked", "keeps_files", "active")
    list_filter: ClassVar = {"subject": ["exact"], "reading": ["exact"], "active": ["exact"]}
    search_fields = ("label", "code", "hint")
    actions = frozenset({"list", "add", "change"})
    empty_message = gettext_lazy("Aucune nature de pièce. Ajoutez la première que vous demandez.")

    def scope(self, user: Any) -> QuerySet[DocumentType]:
        return DocumentType.objects.all()

    def guarded(self, act: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return rule(everywhere_rule(self.permission(act)))(view)
