"""The ledger, the narrative and the page that the template shows."""
