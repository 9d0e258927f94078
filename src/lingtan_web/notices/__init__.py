"""What waits for people: the work queue, reminders in the application and by e-mail, the calendar."""
