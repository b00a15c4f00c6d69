"""One module per task that a person does; a screen shows and asks, it never decides."""
