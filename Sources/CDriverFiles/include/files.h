// The files that every driver build needs, as text inside the program: a binary works wherever it is copied.
#ifndef R3_FILES_H
#define R3_FILES_H

#include <stddef.h>

/// One file, named by its path in the sources of Ring3.
typedef struct R3DriverFile {
  const char *_Nonnull path;
  const unsigned char *_Nonnull text;
  size_t size;
} R3DriverFile;

/// The number of files.
size_t r3_driver_file_count(void);

/// The file at an index.
R3DriverFile r3_driver_file_at(size_t index);

#endif
