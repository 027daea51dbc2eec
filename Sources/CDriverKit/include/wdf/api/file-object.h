// What the framework knows of an open file.
#ifndef R3_WDF_API_FILE_OBJECT_H
#define R3_WDF_API_FILE_OBJECT_H

#include "../object.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE PUNICODE_STRING WdfFileObjectGetFileName(WDFFILEOBJECT FileObject) {
  return R3_WDF(WdfFileObjectGetFileName, PUNICODE_STRING, WDFFILEOBJECT)
      (WdfDriverGlobals, FileObject);
}

FORCEINLINE ULONG WdfFileObjectGetFlags(WDFFILEOBJECT FileObject) {
  return R3_WDF(WdfFileObjectGetFlags, ULONG, WDFFILEOBJECT)(WdfDriverGlobals, FileObject);
}

FORCEINLINE WDFDEVICE WdfFileObjectGetDevice(WDFFILEOBJECT FileObject) {
  return R3_WDF(WdfFileObjectGetDevice, WDFDEVICE, WDFFILEOBJECT)(WdfDriverGlobals, FileObject);
}

#if KMDF_VERSION_MINOR >= 21
FORCEINLINE ULONG WdfFileObjectGetInitiatorProcessId(WDFFILEOBJECT FileObject) {
  return R3_WDF(WdfFileObjectGetInitiatorProcessId, ULONG, WDFFILEOBJECT)
      (WdfDriverGlobals, FileObject);
}

#endif

FORCEINLINE PFILE_OBJECT WdfFileObjectWdmGetFileObject(WDFFILEOBJECT FileObject) {
  return R3_WDF(WdfFileObjectWdmGetFileObject, PFILE_OBJECT, WDFFILEOBJECT)
      (WdfDriverGlobals, FileObject);
}

R3_END

#endif
#endif
