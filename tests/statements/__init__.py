"""Statements, invoices and forms written as their makers write them."""
