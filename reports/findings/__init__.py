"""What a check found, in every format that it is given in (phát hiện)."""
