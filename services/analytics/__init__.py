"""Numbers to look at: each chart is one value, from which the plot, the table on the screen and the CSV file come."""
