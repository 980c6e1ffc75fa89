"""What may be counted: the wall between the care wing and the knowledge wing.

Nothing crosses but facts: dated, coarse, counted, without a person in them.
"""
