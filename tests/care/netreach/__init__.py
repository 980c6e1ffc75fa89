"""Online outreach without a list of persons."""
