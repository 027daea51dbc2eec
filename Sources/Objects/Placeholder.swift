// The layer Objects begins here.
