"""Letters on paper are printed by agents. The demo prints nothing: what would be printed is left beside its e-mails."""

import json
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

SUFFIX = ".lettre.json"


def keep_for_demo(*, title: str, recipient: str, at: datetime, pdf: bytes) -> None:
    """Leave a copy of a letter where the demo's mail is read; in a real town, nothing."""
    if not settings.PARVIS_DEMO:
        return
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{at:%Y%m%d-%H%M%S}-{uuid4().hex}"
    (folder / f"{name}.pdf").write_bytes(pdf)
    about = {"title": title, "to": recipient, "at": at.isoformat()}
    (folder / f"{name}{SUFFIX}").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
