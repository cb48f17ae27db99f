"""Work that lasts, seen from a page: `backoffice/progress.html` draws the bar, `progress.js` asks how far it is."""

from django.http import JsonResponse


def progress_answer(*, done: int, total: int, working: bool) -> JsonResponse:
    """What the view named by `follow` answers; once `working` is false the page is loaded again, with the result."""
    return JsonResponse({"done": done, "total": total, "working": working})
