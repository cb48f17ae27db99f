"""Parvis core: the contract (`core.contracts`), the kernel and the shells that plugins contribute to."""

API_VERSION = "1.0"
