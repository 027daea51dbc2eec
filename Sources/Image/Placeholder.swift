// The layer Image begins here.
