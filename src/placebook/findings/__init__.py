"""How numbers are written and what is said of them."""
