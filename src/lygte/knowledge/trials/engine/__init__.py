"""The statistics of method trials: pure functions of numbers. Nothing in here knows Django, an organisation or an area.

Statistics libraries are imported inside functions only, and a server calls all of it in a process of its own
(`apart.py`): what they take in memory and time to load is given back when the figures are there.
"""
