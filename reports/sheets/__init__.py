"""Workbooks: how they are made, laid out and measured; what stands in them is others's."""
