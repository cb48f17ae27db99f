"""Frames and components: what a template author leans on."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory, override_settings

from core.contracts.pages import Panel
from core.ui import apps, showcase
from core.ui.templatetags import ui


def rendered(source, path="/", **context):
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(is_staff=False)
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


@pytest.fixture
def icons(monkeypatch):
    """The build's drawings, small: templates are tested with or without node."""

    class Drawings(dict):
        def get(self, name, default=None):
            return super().get(name, '<path d="M0 0"/>')

    monkeypatch.setattr(ui, "_drawings", lambda: Drawings(house="<path/>"))


@pytest.mark.usefixtures("icons")
def test_the_showcase_renders_every_component():
    page = render_to_string("ui/showcase.html", showcase.context())
    for mark in (
        "tiles-row",
        "sticky-foot",
        "error-summary",
        "table-cards",
        "status tone-success",
        "empty",
        "family-nav",
    ):
        assert mark in page
    assert "<script>" not in page
    assert not re.search(r"\s(style|on[a-z]+)=", page)  # the policy on scripts and styles holds
    assert "{{" not in page
    assert "{%" not in page


@pytest.mark.parametrize("name", ["ui/site.html", "ui/family.html", "ui/narrow.html"])
def test_frames_hold_without_any_context(name):
    page = get_template(name).render()
    assert '<html lang="fr">' in page
    assert 'href="#contenu"' in page
    assert '<main id="contenu"' in page


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_neither_context_nor_database(code):
    page = get_template(f"{code}.html").render()
    assert "<h1>" in page
    assert 'href="/"' in page


def test_the_menu_marks_where_one_is():
    items = [
        SimpleNamespace(label=label, url=url, icon="house")
        for label, url in [
            ("Accueil", "/espace-famille/"),
            ("Factures", "/espace-famille/factures/"),
            ("Ma famille", "/espace-famille/ma-famille/"),
        ]
    ]

    def current(path):
        request = RequestFactory().get(path)
        return [
            entry.label for entry in ui.menu_entries(Context({"request": request}), items) if entry.current
        ]

    assert current("/espace-famille/") == ["Accueil"]
    assert current("/espace-famille/factures/12/") == ["Factures"]
    assert current("/espace-famille/coffre/") == []


def test_pagination_keeps_the_filters_of_the_address():
    page = rendered("{% pagination page %}", "/?ecole=villon&page=2", page=Paginator(range(90), 20).page(2))
    assert "?ecole=villon&amp;page=1" in page
    assert "?ecole=villon&amp;page=3" in page
    assert "Page 2 sur 5" in page


def test_pagination_of_one_page_shows_nothing():
    assert rendered("{% pagination page %}", page=Paginator(range(3), 20).page(1)).strip() == ""


def test_the_breadcrumb_ends_on_this_page():
    trail = rendered('{% breadcrumb "Espace Famille" "/espace-famille/" "Factures" %}')
    assert '<a href="/espace-famille/">Espace Famille</a>' in trail
    assert '<span aria-current="page">Factures</span>' in trail


def test_what_people_wrote_is_escaped():
    page = rendered(
        '{% status "info" word %}{% alert "info" title=word %}{{ word }}{% endalert %}', word="<b>&"
    )
    assert "<b>" not in page


class ContactForm(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme sur la pièce d’identité.")
    phone = forms.CharField(label="Téléphone", required=False)
    menu = forms.ChoiceField(label="Menu ?", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("Ce contact existe déjà.")


class TestForms:
    def test_errors_are_announced_and_linked_to_their_field(self):
        page = str(ContactForm({"name": "", "phone": "06 00 00 00 00"}))
        assert "Il reste 3 points à corriger" in page
        assert 'href="#id_name"' in page
        assert 'href="#id_menu_0"' in page
        assert "Ce contact existe déjà." in page
        assert re.search(r'<input[^>]*name="name"[^>]*aria-invalid="true"', page)
        assert 'aria-describedby="id_name_helptext id_name_error"' in page
        assert 'id="id_name_error"' in page

    def test_what_was_typed_is_kept(self):
        assert 'value="06 00 00 00 00"' in str(ContactForm({"name": "", "phone": "06 00 00 00 00"}))

    def test_each_field_has_its_label_and_groups_their_legend(self):
        page = str(ContactForm())
        assert '<label class="field-label" for="id_name">' in page
        assert re.search(r"<fieldset[^>]*>\s*<legend>Menu", page)
        assert page.count("(facultatif)") == 1
        assert "error-summary" not in page

    def test_controls_carry_the_class_of_their_kind(self):
        page = str(showcase.SampleForm())
        assert re.search(r"<select[^>]*form-select", page)
        assert re.search(r'<input type="checkbox"[^>]*form-check-input', page)
        assert re.search(r"<textarea[^>]*form-control", page)


def test_a_panel_that_fails_leaves_the_page_standing(caplog):
    page = rendered(
        "{% panel_body shown %} suite", shown=Panel(title="Actualités", template="absent/panel.html")
    )
    assert "momentanément indisponible" in page
    assert page.endswith("suite")
    assert "absent/panel.html" in caplog.text


@override_settings(DEBUG=True)
def test_an_unknown_icon_is_refused_while_one_writes(monkeypatch):
    monkeypatch.setattr(ui, "_drawings", lambda: {"house": "<path/>"})
    with pytest.raises(TemplateSyntaxError, match="maison"):
        rendered('{% icon "maison" %}')


def test_without_the_build_pages_show_words_and_the_check_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(ui, "_drawings", dict)
    assert rendered('{% icon "house" %}Accueil') == "Accueil"
    monkeypatch.setattr(apps, "BUILD", tmp_path)
    assert [problem.id for problem in apps.built_assets()] == ["ui.W001"]


def test_icons_named_in_templates_exist():
    names = ui._drawings()
    if not names:
        pytest.skip("assets are not built: make assets")
    root = apps.BUILD.parents[4]
    templates = [
        path for room in ("core", "plugins") for path in (root / room).glob("**/templates/**/*.html")
    ]
    asked = {
        (path.name, name)
        for path in templates
        if "backoffice" not in path.parts and "wagtailadmin" not in path.parts
        for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert asked
    assert {(where, name) for where, name in asked if name not in names} == set()
