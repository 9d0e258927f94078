"""What a park hands in: records, registers, readers, checks and writers."""
