"""Charts for screen and paper, one definition each."""
