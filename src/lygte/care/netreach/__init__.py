"""Online outreach: what was sent and what came of it, as counts. Whom it was sent to is kept nowhere."""
