"""Lygte: outreach, support and honest statistics, without a register of sex workers."""

__version__ = "0.1.0"
