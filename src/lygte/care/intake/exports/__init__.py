"""Filled forms leave the house: as related tables in files, and as a feed that spreadsheets read by themselves."""
