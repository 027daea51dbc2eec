// The layer Memory begins here.
