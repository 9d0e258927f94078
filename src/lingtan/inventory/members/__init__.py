"""Who bears what inside the fence: allocation, transfers, ownership, and the table that reconciles."""
