// The layer NTTypes begins here.
