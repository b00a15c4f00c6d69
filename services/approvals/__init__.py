"""The yes of a second person to the dangerous few actions."""
