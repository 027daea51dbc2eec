// The layer SystemServices begins here.
