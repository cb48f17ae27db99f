"""Acts of facturation, one module a subject: runs, issuing, numbers, ledger, credits, payments."""
