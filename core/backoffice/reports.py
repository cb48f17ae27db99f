"""Base of the lists that answer a question: filters that stay in the address, what they come to, the rows, the file."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.decorators import classonlymethod
from django.utils.functional import Promise
from django.utils.text import slugify
from django.views.generic import View

from core.backoffice import exports
from core.backoffice.filters import filled, values
from core.backoffice.screens import render_screen
from core.backoffice.tables import Column, drawn
from core.kernel.access import agent

Text = str | Promise


class Report(View):
    """A read-only list under one permission.

    A subclass gives `permission`, `title`, `icon`, `columns`, and `rows`: within what the agent reaches
    (`core.backoffice.reach.within`). `filters` is a form whose fields are all optional; a value that makes no sense
    is said beside its field and the initial one counts. The file holds the same rows and columns as the page; it
    may ask for a permission of its own.
    """

    permission: ClassVar[str]
    export_permission: ClassVar[str] = ""
    title: ClassVar[Text]
    icon: ClassVar[str]
    columns: tuple[Column, ...]
    filters: type[forms.Form] = forms.Form
    note: ClassVar[Text] = ""
    empty: ClassVar[Text]
    trail: ClassVar[tuple[tuple[Text, str], ...]] = ()
    template_name = "backoffice/report.html"
    per_page = 50
    http_method_names = ["get", "head", "options"]

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # noqa: N805 - as Django's own
        return agent(cls.permission)(super().as_view(**initkwargs))

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[Any]:
        """The rows, in order; `asked` holds a value (None or "" for none) for each filter."""
        raise NotImplementedError

    def given(self) -> dict[str, Any]:
        """What the form of filters needs to know."""
        return {}

    def facts(self, rows: QuerySet[Any]) -> list[tuple[Text, Text]]:
        """What all the rows come to: (label, value) pairs."""
        return []

    def heading(self, asked: Mapping[str, Any]) -> Text:
        """The title of the page."""
        return self.title

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = filled(self.filters, request, **self.given())
        asked = values(form)
        rows = self.rows(asked)
        may_export = not self.export_permission or request.user.has_perm(self.export_permission)
        if exports.asked(request):
            if not may_export:
                raise Http404
            return exports.spreadsheet(request, rows, self.columns, name=slugify(str(self.title)))
        page = Paginator(rows, self.per_page).get_page(request.GET.get("page"))
        context = {
            "form": form,
            "asked": asked,
            "note": self.note,
            "facts": self.facts(rows) if page.paginator.count else [],
            "columns": self.columns,
            "lines": [drawn(self.columns, row) for row in page],
            "page": page,
            "empty": self.empty,
            "exports": exports.links(request) if page.paginator.count and may_export else [],
        }
        return render_screen(
            request,
            self.template_name,
            context,
            title=self.heading(asked),
            icon=self.icon,
            trail=self.trail,
        )
