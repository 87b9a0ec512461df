"""Official forms as data: one YAML layout a form, one engine that fills and writes them."""
