"""``trm import``: a CSV file becomes batches of rows, each carried by one durable run; what is shown of it."""
