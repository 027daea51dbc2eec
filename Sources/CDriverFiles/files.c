// Puts the driver kit headers and the support sources into the program; list.h names them.
#include "files.h"

#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

// Each text ends with a zero byte, so that its length need not be embedded twice.
static const struct {
  const char *path;
  const unsigned char *text;
} files[] = {
#include "list.h"
};

size_t r3_driver_file_count(void) { return sizeof files / sizeof files[0]; }

R3DriverFile r3_driver_file_at(size_t index) {
  return (R3DriverFile){files[index].path, files[index].text,
                        strlen((const char *)files[index].text)};
}
