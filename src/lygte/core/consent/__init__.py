"""Consent: who may see what of a person, for what, until when; and the one gate through which anything locked is read."""
