"""Write docs/reference/hooks.md from the contract."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings.test")

import django

django.setup()

from core.kernel.reference import page  # noqa: E402

Path(__file__).resolve().parents[1].joinpath("docs/reference/hooks.md").write_text(page())
