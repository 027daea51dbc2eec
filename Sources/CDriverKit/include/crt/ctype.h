// Kinds of characters.
#ifndef R3_CTYPE_H
#define R3_CTYPE_H

#include "crtdefs.h"

R3_BEGIN

int isalpha(int character);
int isupper(int character);
int islower(int character);
int isdigit(int character);
int isxdigit(int character);
int isspace(int character);
int ispunct(int character);
int isalnum(int character);
int isprint(int character);
int isgraph(int character);
int iscntrl(int character);
int tolower(int character);
int toupper(int character);
int iswctype(wint_t character, wctype_t type);
int iswalpha(wint_t character);
int iswdigit(wint_t character);
int iswspace(wint_t character);
int iswxdigit(wint_t character);
wint_t towlower(wint_t character);
wint_t towupper(wint_t character);

R3_END

#define isascii(Character) ((unsigned)(Character) < 0x80)
#define __isascii(Character) ((unsigned)(Character) < 0x80)

#endif
