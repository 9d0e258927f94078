"""Parks, the enterprises in them, and the mandates of evaluators."""
