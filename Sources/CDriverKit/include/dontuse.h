// Marks functions that a driver should not use; nothing is marked here.
