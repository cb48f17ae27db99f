"""The pictures of the demo: what a mayor sees first."""

from io import BytesIO

import pytest
from PIL import Image

from core.pages.scenes import SCENES


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_large_light_and_always_the_same(name: str) -> None:
    data = SCENES[name].draw()
    picture = Image.open(BytesIO(data))
    assert (picture.format, picture.size) == ("WEBP", (1600, 900))
    assert len(data) < 150_000
    assert data == SCENES[name].draw()
    assert len(picture.convert("RGB").resize((320, 180)).getcolors(320 * 180) or []) > 500, "nothing is drawn"
    assert SCENES[name].description
