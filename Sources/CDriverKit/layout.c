// Checks of layouts.
