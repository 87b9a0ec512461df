"""NRM: spending norms (định mức)."""
