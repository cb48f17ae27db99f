"""Take the pictures of the docs: walk in a browser, keep the chosen ones, light enough for git."""

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ROOT / "var" / "captures"
KEPT = ROOT / "docs" / "images"
CHOSEN = (
    "accueil-1280",
    "accueil-390",
    "espace-famille-390",
    "espace-famille-1280",
    "reservations-390",
    "reservations-vacances-390",
    "recapitulatif-390",
    "facture-390",
    "facture-1280",
    "recu-390",
    "calcul-1280",
    "actualites-390",
    "actualites-1280",
    "actualite-390",
    "actualite-1280",
    "gestion-article-1280",
    "tarif-01-commencer-1280",
    "tarif-02-deliberation-1280",
    "tarif-03-criteres-1280",
    "tarif-04-element-1280",
    "tarif-05-tranches-1280",
    "tarif-06-hors-commune-1280",
    "tarif-07-retard-1280",
    "tarif-08-exemples-1280",
    "tarif-09-ensemble-1280",
    "tarif-10-publier-1280",
)
TALLEST = 1600
"""A page longer than that is shown by its top."""


def main() -> None:
    tests = [f"tests/e2e/test_{name}.py" for name in ("thread", "tariffs", "communication")]
    walk = [sys.executable, "-m", "pytest", "-q", *tests]
    subprocess.run(walk, cwd=ROOT, env=os.environ | {"PARVIS_SHOTS": str(TAKEN)}, check=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in CHOSEN:
        picture = Image.open(TAKEN / f"{name}.png").convert("RGB")
        picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
        picture.quantize(128, dither=Image.Dither.NONE).save(KEPT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
