"""Addresses of facturation, from the root; the gate answers 404 while the plugin is off."""

from django.urls import path

from plugins.facturation import reports
from plugins.facturation.views import agents, family, payments, sandbox

app_name = "facturation"

open_while_off = frozenset({"payment", "notification", "sandbox"})
"""What has begun must end: these stay open while a payment waits; the views answer 404 when none does."""

SPACE = "espace-famille/factures"
OFFICE = "gestion/facturation"

urlpatterns = [
    path(f"{SPACE}/", family.invoices, name="invoices"),
    path(f"{SPACE}/<uuid:invoice_id>/", family.invoice, name="invoice"),
    path(f"{SPACE}/<uuid:invoice_id>/pdf/", family.invoice_pdf, name="invoice_pdf"),
    path(f"{SPACE}/<uuid:invoice_id>/question/", family.question, name="question"),
    path(f"{SPACE}/<uuid:invoice_id>/payer/", family.pay, name="pay"),
    path(f"{SPACE}/paiements/<uuid:payment_id>/", payments.payment, name="payment"),
    path(f"{SPACE}/recus/<uuid:receipt_id>/", family.receipt, name="receipt"),
    path(f"{SPACE}/recus/<uuid:receipt_id>/pdf/", family.receipt_pdf, name="receipt_pdf"),
    path("paiement/notification/<slug:provider>/", payments.notification, name="notification"),
    path("paiement/bac-a-sable/<uuid:transaction_id>/", sandbox.page, name="sandbox"),
    path(f"{OFFICE}/calculs/", agents.runs, name="runs"),
    path(f"{OFFICE}/calculs/nouveau/", agents.new_run, name="new_run"),
    path(f"{OFFICE}/calculs/<uuid:run_id>/", agents.run, name="run"),
    path(f"{OFFICE}/calculs/<uuid:run_id>/avancement/", agents.progress, name="run_progress"),
    path(f"{OFFICE}/calculs/<uuid:run_id>/recalculer/", agents.draft, name="run_draft"),
    path(f"{OFFICE}/calculs/<uuid:run_id>/emettre/", agents.issue, name="run_issue"),
    path(f"{OFFICE}/calculs/<uuid:run_id>/annuler/", agents.cancel, name="run_cancel"),
    path(f"{OFFICE}/factures/", reports.Invoices.as_view(), name="agent_invoices"),
    path(f"{OFFICE}/restes-a-payer/", reports.Unpaid.as_view(), name="unpaid"),
    path(f"{OFFICE}/factures/<uuid:invoice_id>/", agents.invoice, name="agent_invoice"),
    path(f"{OFFICE}/factures/<uuid:invoice_id>/pdf/", agents.invoice_pdf, name="agent_invoice_pdf"),
    path("gestion/regie/paiements/", agents.payments, name="payments"),
    path("gestion/regie/paiements/<uuid:payment_id>/interroger/", agents.ask_again, name="payment_ask"),
]
