// The layer Ring3 begins here.
