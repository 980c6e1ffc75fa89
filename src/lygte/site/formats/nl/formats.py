"""Dates as Dutch is read on paper; a date in digits breaks at its hyphens in narrow columns, so these never break."""

SHORT_DATE_FORMAT = "j\u00a0b\u00a0Y"
SHORT_DATETIME_FORMAT = "j\u00a0b\u00a0Y, H:i"
