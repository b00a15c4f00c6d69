"""The one wizard frame, and the step that every wizard is made of."""
