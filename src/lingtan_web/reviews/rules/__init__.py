"""Pure rules of the review: no Django, no clock; the day comes in from outside."""
