// Strings as objects.
#ifndef R3_WDF_API_STRING_H
#define R3_WDF_API_STRING_H

#include "../object.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE NTSTATUS WdfStringCreate(PCUNICODE_STRING UnicodeString,
                                     PWDF_OBJECT_ATTRIBUTES StringAttributes, WDFSTRING *String) {
  return R3_WDF(WdfStringCreate, NTSTATUS, PCUNICODE_STRING, PWDF_OBJECT_ATTRIBUTES, WDFSTRING *)
      (WdfDriverGlobals, UnicodeString, StringAttributes, String);
}

FORCEINLINE void WdfStringGetUnicodeString(WDFSTRING String, PUNICODE_STRING UnicodeString) {
  R3_WDF(WdfStringGetUnicodeString, void, WDFSTRING, PUNICODE_STRING)
      (WdfDriverGlobals, String, UnicodeString);
}

R3_END

#endif
#endif
