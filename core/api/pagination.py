"""Lists by pages, described in French keys."""

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response


class Pagination(PageNumberPagination):
    page_query_param = "page"
    page_size_query_param = "taille"
    max_page_size = 200

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "nombre": self.page.paginator.count,  # type: ignore[union-attr]
                "suivante": self.get_next_link(),
                "precedente": self.get_previous_link(),
                "resultats": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["nombre", "resultats"],
            "properties": {
                "nombre": {"type": "integer"},
                "suivante": link,
                "precedente": link,
                "resultats": schema,
            },
        }
