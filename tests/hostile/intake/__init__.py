"""Whatever is thrown at intake is answered: a number below 500, soon, with bounded memory, and nothing half-stored."""
