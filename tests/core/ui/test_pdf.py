"""PDF documents: readable text, tags, archive profile, and faults that say their name."""

import datetime as dt
import io

import pypdf
import pytest
import segno

from core.contracts.money import Money
from core.ui import pdf

MADE = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)

pytestmark = [
    pytest.mark.skipif(not pdf.FONTS.is_dir(), reason="assets are not built: make assets"),
]


def sample(**changes):
    drawing = io.BytesIO()
    segno.make("https://ville.example/payer").save(drawing, kind="svg", border=0)
    data = {
        "commune": {"name": "Bassens", "service": "Service Éducation Enfance Jeunesse", "phone": None},
        "reference": "Facture 2026-11-000128",
        "recipient": ["Mme Zoé Lœuvre", "3 rue de l’Été", "33530 Bassens"],
        "total": Money(123450),
        "due": dt.date(2026, 12, 20),
        "rows": [["Cantine « Chopin »", 14, Money(240), Money(3360)]] * 40,
        "qr": drawing.getvalue().decode(),
    }
    template = pdf.HERE / "typst" / "sample.typ"
    return pdf.render_pdf(template, {**data, **changes}, title="Facture de novembre 2026", made_at=MADE)


@pytest.fixture(scope="module")
def document():
    return pypdf.PdfReader(io.BytesIO(sample()))


def test_the_text_is_there_with_its_accents(document):
    text = (
        "\n".join(page.extract_text() for page in document.pages)
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )
    for expected in (
        "Zoé Lœuvre",
        "3 rue de l’Été",
        "Éducation",
        "« Chopin »",
        "1 234,50 €",
        "dimanche 20 décembre 2026",
    ):
        assert expected in text
    assert f"Page 2 sur {len(document.pages)}" in text
    assert text.count("Prestation") == len(document.pages)  # the head of the table comes back


def test_it_is_tagged_titled_and_in_french(document):
    catalogue = document.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].startswith("fr")
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "Facture de novembre 2026"
    assert {"/Table", "/TH", "/H1", "/Figure"} <= tags(catalogue["/StructTreeRoot"])


def tags(node):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return set().union(*map(tags, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    return {str(node.get("/S"))} | tags(node.get("/K", []))


def test_it_declares_both_profiles(document):
    declared = document.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in declared
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in declared
    assert "<pdfuaid:part>1</pdfuaid:part>" in declared


def test_only_our_fonts_are_in_it(document):
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in document.pages
        for font in page["/Resources"]["/Font"].get_object().values()
    }
    assert fonts
    assert all("SourceSans3" in font for font in fonts)


def test_same_data_same_bytes():
    assert sample() == sample()


def test_data_is_never_code():
    text = (
        pypdf.PdfReader(io.BytesIO(sample(recipient=['#panic("x")', "$ 1/0 $", "33530"])))
        .pages[0]
        .extract_text()
    )
    assert '#panic("x")' in text


def test_a_fault_names_the_template(tmp_path):
    template = tmp_path / "broken.typ"
    template.write_text('#import "base.typ": *\n#unknown()', encoding="utf-8")
    with pytest.raises(pdf.PdfError, match=r"broken\.typ: unknown variable"):
        pdf.render_pdf(template, {}, title="x")


def test_files_of_the_machine_are_out_of_reach(tmp_path):
    template = tmp_path / "curious.typ"
    template.write_text('#read("/etc/hostname")', encoding="utf-8")
    with pytest.raises(pdf.PdfError):
        pdf.render_pdf(template, {}, title="x")


def test_an_unknown_kind_of_data_is_refused():
    with pytest.raises(TypeError, match="no text for object"):
        sample(total=object())


def test_a_missing_font_is_said(tmp_path):
    template = tmp_path / "font.typ"
    template.write_text(
        '#set document(title: "x")\n#set text(font: "Absent", lang: "fr")\nbonjour', encoding="utf-8"
    )
    with pytest.raises(pdf.PdfWarning, match="absent"):
        pdf.render_pdf(template, {}, title="x")
