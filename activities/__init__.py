"""One file per outside world; each activity is a thin, idempotent step."""
