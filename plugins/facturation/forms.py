"""What parents and agents write about an invoice."""

from django import forms
from django.utils.translation import gettext_lazy as _

from plugins.facturation.questions import Subject

LONGEST = 4000


class QuestionForm(forms.Form):
    """A parent's question."""

    subject = forms.ChoiceField(
        label=_("À propos de"),
        choices=Subject.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce dont il s’agit.")},
    )
    text = forms.CharField(
        label=_("Votre question"),
        help_text=_("Dites quels jours et quel enfant, si vous les connaissez."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Écrivez votre question.")},
    )


class AnswerForm(forms.Form):
    """An agent's answer, which closes the question."""

    answer = forms.CharField(
        label=_("Votre réponse à la famille"),
        help_text=_(
            "Elle la lit telle quelle. Aucun montant ne change : corrigez d’abord la réservation en cause."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Écrivez la réponse que lira la famille.")},
    )
