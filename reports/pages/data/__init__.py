"""What the pages show, computed from the facts: no Fava, no HTML."""
