"""Action plans as data: initiatives, money, milestones, declared indicators, and the report they become."""
