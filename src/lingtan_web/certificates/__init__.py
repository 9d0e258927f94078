"""Living certificates: issued from a decision, checked by anyone, watched, withdrawn."""
