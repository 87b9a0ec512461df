"""SCH: the plan (kế hoạch)."""
