// Numbers of errors that the checked string functions return.
#ifndef R3_ERRNO_H
#define R3_ERRNO_H

#define EINVAL 22
#define ERANGE 34
#define EILSEQ 42
#define STRUNCATE 80

#endif
