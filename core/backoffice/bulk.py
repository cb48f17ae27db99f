"""What is done to several rows at once: chosen on a list, seen before it is done, done in one transaction."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.backoffice.screens import render_screen
from core.kernel.access import agent_rule, rule

MOST = 1000
"""Rows in one act: more is a mistake, or work for the background."""
SHOWN = 50


class BulkRefused(Exception):
    """The whole act cannot be; the message is a French sentence that may be shown."""


class BulkAct:
    """One act on the rows of a viewset.

    A subclass gives its words, a form when it asks something, `refusal` and `apply`. The list posts the rows that are
    ticked, or its filters for all of them; the preview names those that would be left aside and why, and holds the
    keys of what was seen: nothing else is touched when one confirms.
    """

    name: ClassVar[str]
    """Last part of the address, in French."""
    label: ClassVar[str | Promise]
    """What the button of the list says: a verb."""
    submit: ClassVar[str | Promise]
    """The same on the preview, with %(count)s: `ngettext_lazy(one, several, "count")`."""
    note: ClassVar[str | Promise] = ""
    """What it entails, said before."""
    act: ClassVar[str] = "change"
    danger: ClassVar[bool] = False
    form_class: ClassVar[type[forms.Form]] = forms.Form

    def refusal(self, row: Any) -> str:
        """Why this row would be left aside; "" when it takes part."""
        return ""

    def apply(self, rows: Sequence[Any], data: dict[str, Any], user: Any) -> str:
        """Do it in one transaction and say what was done. A row that changed since the preview is left as it is.

        Raises BulkRefused.
        """
        raise NotImplementedError

    @classmethod
    def needs(cls, viewset: Any) -> str:
        return str(viewset.permission(cls.act))

    @classmethod
    def as_view(cls, viewset: Any) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest) -> HttpResponse:
            return cls()._answer(request, viewset)

        return rule(agent_rule(cls.needs(viewset)))(view)

    # The two steps --------------------------------------------------------------------------------------------------

    def _answer(self, request: HttpRequest, viewset: Any) -> HttpResponse:
        back = (
            f"{reverse(viewset.get_url_name('index'))}{'?' if request.GET else ''}{request.GET.urlencode()}"
        )
        if request.method != "POST":
            return redirect(back)
        rows = self._rows(request, viewset)
        if not rows:
            messages.error(request, _("Cochez d’abord une ligne de la liste."))
            return redirect(back)
        if len(rows) > MOST:
            messages.error(
                request, _("C’est trop à la fois : filtrez la liste pour garder %s lignes au plus.") % MOST
            )
            return redirect(back)
        kept = [row for row in rows if not self.refusal(row)]
        decided = "decide" in request.POST
        form = self.form_class(request.POST if decided else None)
        if decided and kept and form.is_valid():
            try:
                done = self.apply(kept, form.cleaned_data, request.user)
            except BulkRefused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, done)
                return redirect(back)
        return self._preview(request, viewset, rows, form, back)

    def _rows(self, request: HttpRequest, viewset: Any) -> list[Model]:
        """The rows meant, never outside what the agent reaches for this act."""
        reached = viewset.reached(request.user, self.act)
        if "tout" in request.POST and "decide" not in request.POST:
            listed = viewset.listed(request).values("pk")
            return list(reached.filter(pk__in=listed)[: MOST + 1])
        keys = _keys(request.POST.getlist("id"))
        return list(reached.filter(pk__in=keys)[: MOST + 1])

    def _preview(
        self, request: HttpRequest, viewset: Any, rows: list[Model], form: forms.Form, back: str
    ) -> HttpResponse:
        judged = [(row, self.refusal(row)) for row in rows]
        kept = sum(not reason for _row, reason in judged)
        context = {
            "shown": judged[:SHOWN],
            "more": max(0, len(judged) - SHOWN),
            "kept": kept,
            "aside": len(judged) - kept,
            "keys": ",".join(str(row.pk) for row in rows),
            "form": form,
            "note": self.note,
            "danger": self.danger,
            "submit": self.submit % {"count": kept},
            "cancel_url": back,
        }
        trail = [(viewset.title, back)]
        return render_screen(
            request, "backoffice/bulk.html", context, title=self.label, icon=viewset.icon, trail=trail
        )


def _keys(values: list[str]) -> list[UUID]:
    """Ticked boxes (one value each) or the keys of a preview (all in one value); what is no key is ignored."""
    found = []
    for part in ",".join(values).split(","):
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return found[: MOST + 1]
