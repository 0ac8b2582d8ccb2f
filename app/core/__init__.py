"""Floor 0: what every room stands on. Knows no person, no question and no plan."""
