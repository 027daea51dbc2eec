// Compiled code refers to this name when it uses floating point.
int _fltused = 0x9875;
