"""The words by which news are sorted: kept short by editors, never typed anew in each article."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class Label(RandomId):
    """A word of editors'. `slug` stands in addresses: it is made from the first name, and stays."""

    name = models.CharField(_("nom"), max_length=60, unique=True)
    slug = models.SlugField(_("adresse"), max_length=60, unique=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Two names that would share an address are one."""
        slug = self.slug or slugify(self.name)
        if not slug:
            raise ValidationError({"name": _("Écrivez au moins une lettre ou un chiffre.")})
        if type(self)._default_manager.filter(slug=slug).exclude(pk=self.pk).exists():
            raise ValidationError({"name": _("Ce nom existe déjà, à un accent ou une majuscule près.")})

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = self.slug or slugify(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Category(Label):  # type: ignore[django-manager-missing]
    """What an article is about: one word at most, with its own feed."""

    class Meta(Label.Meta):
        verbose_name = _("rubrique")
        verbose_name_plural = _("rubriques")


class Keyword(Label):
    """A word that brings articles of several categories together."""

    class Meta(Label.Meta):
        verbose_name = _("mot-clé")
        verbose_name_plural = _("mots-clés")


class Quarter(Label):
    """A part of the town, beside its schools and other sites."""

    class Meta(Label.Meta):
        verbose_name = _("quartier")
        verbose_name_plural = _("quartiers")
