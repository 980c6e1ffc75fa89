"""Services: where help is to be had, who gives it, and the least that each needs to know."""
