"""The documents of the library, for whoever wants to reuse them: read only, by pages, filtered, cacheable.

A visitor reads what anybody may; a parent's session or token reads what is for that family too.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request

from core.api.caching import Cacheable
from core.api.permissions import Public
from core.pages.audiences import audiences
from core.pages.library import DocumentTheme, LibraryDocument
from plugins.actualites.selectors_documents import Asked, shelves


class ThemeSerializer(serializers.Serializer[DocumentTheme]):
    code = serializers.CharField(source="slug")
    nom = serializers.CharField(source="name")


class DocumentSerializer(serializers.Serializer[LibraryDocument]):
    id = serializers.UUIDField(source="key")
    titre = serializers.CharField(source="title")
    description = serializers.CharField()
    theme = ThemeSerializer()
    adresse = serializers.SerializerMethodField(help_text=_("Reste la même quand le fichier est remplacé."))
    type = serializers.CharField(source="file_extension")
    taille = serializers.IntegerField(source="file_size", help_text=_("En octets."))
    langue = serializers.CharField(source="language", help_text=_("Code de langue : « fr », « pt »…"))
    annee_scolaire = serializers.CharField(source="school_year.name", allow_null=True, default=None)
    version = serializers.IntegerField()
    depose_le = serializers.DateTimeField(source="filed_at")
    valable_du = serializers.DateField(source="valid_from", allow_null=True)
    valable_jusqu_au = serializers.DateField(source="valid_until", allow_null=True)
    remplace = serializers.CharField(
        source="ancestor.title", allow_null=True, default=None, help_text=_("Titre du document remplacé.")
    )
    reserve = serializers.SerializerMethodField(help_text=_("Vrai si seules certaines familles le lisent."))

    @extend_schema_field(serializers.URLField())
    def get_adresse(self, document: LibraryDocument) -> str:
        found: str = self.context["request"].build_absolute_uri(document.url)
        return found

    def get_reserve(self, document: LibraryDocument) -> bool:
        return bool(document.readers)


def _filter(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=description)


@extend_schema(tags=["Actualités"])
class DocumentList(Cacheable, generics.ListAPIView[LibraryDocument]):
    permission_classes = [Public]
    serializer_class = DocumentSerializer

    def get_queryset(self) -> "QuerySet[LibraryDocument]":
        found = shelves(audiences(self.request)).order_by("-filed_at", "-pk")
        return Asked.of(self.request.query_params).among(found)

    @extend_schema(
        summary="Les documents à télécharger, du plus récent au plus ancien",
        parameters=[
            _filter("theme", "Code d’un thème."),
            _filter("annee", "Année scolaire : « 2026-2027 »."),
            _filter("langue", "Code de langue."),
            _filter("recherche", "Mots du titre ou de la description, avec ou sans accents."),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)
