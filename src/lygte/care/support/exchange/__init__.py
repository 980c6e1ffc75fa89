"""Records that leave as files, and files that become records: the HTCDS standard, and what a person carries with them."""
