"""The creation process: a plan of three phases, its tasks, the measures and the list of improvements."""
