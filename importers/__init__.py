"""Importers of statements, invoices and decisions (nhập chứng từ từ tệp)."""
