"""The renderer of every form: label, hint, error, summary of what is left to correct. No form library."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """`FORM_RENDERER = "core.ui.forms.Renderer"`, with "django.forms" among the installed apps."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"
