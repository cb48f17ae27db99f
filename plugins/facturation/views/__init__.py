"""Pages of facturation, one module for each who opens them."""
