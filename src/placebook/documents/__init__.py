"""What is handed on beside the book, made of what a place's page wrote beside its ledger: Word, preview pictures."""
