// Strings and object attributes that are written down where they are declared.
#ifndef R3_NTDEF_CONSTANTS_H
#define R3_NTDEF_CONSTANTS_H

#include "macros.h"
#include "objects.h"
#ifndef R3_HOST

#ifdef __cplusplus
extern "C++" template <typename Character, size_t Count>
constexpr Character *R3StringBuffer(const Character (&text)[Count]) {
  return const_cast<Character *>(text);
}
#else
#define R3StringBuffer(Text) (Text)
#endif

#define RTL_CONSTANT_STRING(Text) \
  {sizeof(Text) - sizeof((Text)[0]), sizeof(Text), R3StringBuffer(Text)}

#define DECLARE_CONST_UNICODE_STRING(Name, Text)           \
  const WCHAR Name##_buffer[] = Text;                      \
  const UNICODE_STRING Name = {sizeof(Text) - sizeof(WCHAR), sizeof(Text), (PWCH)Name##_buffer}
#define DECLARE_GLOBAL_CONST_UNICODE_STRING(Name, Text)                       \
  extern const DECLSPEC_SELECTANY UNICODE_STRING Name = {                     \
      sizeof(Text) - sizeof(WCHAR), sizeof(Text), (PWCH)Text}
#define DECLARE_UNICODE_STRING_SIZE(Name, Count) \
  WCHAR Name##_buffer[Count];                    \
  UNICODE_STRING Name = {0, (Count) * sizeof(WCHAR), Name##_buffer}
#define DECLARE_STATIC_UNICODE_STRING_SIZE(Name, Count) \
  static WCHAR Name##_buffer[Count];                    \
  static UNICODE_STRING Name = {0, (Count) * sizeof(WCHAR), Name##_buffer}

#define InitializeObjectAttributes(Target, Name, Flags, Root, Security) \
  {                                                                     \
    (Target)->Length = sizeof(OBJECT_ATTRIBUTES);                       \
    (Target)->RootDirectory = (Root);                                   \
    (Target)->Attributes = (Flags);                                     \
    (Target)->ObjectName = (Name);                                      \
    (Target)->SecurityDescriptor = (Security);                          \
    (Target)->SecurityQualityOfService = NULL;                          \
  }

#define RTL_INIT_OBJECT_ATTRIBUTES(Name, Flags) \
  {sizeof(OBJECT_ATTRIBUTES), NULL, (PUNICODE_STRING)(Name), (Flags), NULL, NULL}
#define RTL_CONSTANT_OBJECT_ATTRIBUTES(Name, Flags) RTL_INIT_OBJECT_ATTRIBUTES(Name, Flags)

#endif
#endif
