"""What the numbers mean: pure functions and the registries of indicators, norms and criteria."""
