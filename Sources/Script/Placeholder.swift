// The layer Script begins here.
