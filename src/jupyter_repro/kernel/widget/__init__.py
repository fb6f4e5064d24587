"""``%repro panel``: the sections of the panel as a widget, where no panel can be."""
