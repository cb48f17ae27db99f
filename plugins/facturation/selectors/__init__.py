"""Reads of facturation, one module a subject: invoices (parents and agents), statement, payments, runs."""
