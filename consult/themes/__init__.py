"""What a consultation talks about: the machine suggests (``finding``), people decide (``actions.theming``)."""
