"""What clients own and owe: properties, and the mortgages on them."""
