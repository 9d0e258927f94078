"""The review: from a submitted self-assessment to the decision and its appeal."""
