"""How dates and numbers are written where Django's own habit does not fit Europe."""
