"""Where people work: Django, thin views, small services, pure workflow rules."""
