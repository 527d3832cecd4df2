"""Settings: what is true everywhere in `base`, what differs in one module per place it runs."""
