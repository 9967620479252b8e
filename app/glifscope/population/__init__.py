"""The population: many neurons around one, or a mix of cells, and what they do together."""
