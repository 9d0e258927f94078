"""Another edition tried on the certified parks of this site: who would keep, gain or lose stars, and why."""
