"""How `plan` weighs what could be done: facts, ways, clock, budget, trials."""
