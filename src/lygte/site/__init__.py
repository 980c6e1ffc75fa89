"""The house's front: settings, addresses, the look, and the pages that belong to no room."""
