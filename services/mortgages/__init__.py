"""The arithmetic of Canadian mortgages: pure functions on decimals; rates in per cent a year, amounts in dollars."""
