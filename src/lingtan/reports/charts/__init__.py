"""Charts: one definition for screen and paper."""
