// The layer Rtl begins here.
