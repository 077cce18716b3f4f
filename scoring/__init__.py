"""What the facts are worth: severity, who is meant, scores. Pure: no input, no output."""
