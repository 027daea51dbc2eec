// The layer IOManager begins here.
