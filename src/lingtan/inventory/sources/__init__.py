"""What emits: one module per source category, and the fuels and gases they share."""
