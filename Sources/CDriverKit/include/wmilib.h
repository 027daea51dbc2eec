// The library that handles instrumentation requests for a driver.
#ifndef R3_WMILIB_H
#define R3_WMILIB_H

#include "wdm.h"
#include "wmistr.h"

typedef enum {
  IrpProcessed,
  IrpNotCompleted,
  IrpNotWmi,
  IrpForward
} SYSCTL_IRP_DISPOSITION, *PSYSCTL_IRP_DISPOSITION;

typedef enum { WmiEventControl, WmiDataBlockControl } WMIENABLEDISABLECONTROL;

typedef struct _WMIGUIDREGINFO {
  const GUID *Guid;
  ULONG InstanceCount;
  ULONG Flags;
} WMIGUIDREGINFO, *PWMIGUIDREGINFO;

R3_CODE(NTSTATUS, WMI_QUERY_REGINFO_CALLBACK,
        (PDEVICE_OBJECT DeviceObject, PULONG RegFlags, PUNICODE_STRING InstanceName,
         PUNICODE_STRING *RegistryPath, PUNICODE_STRING MofResourceName, PDEVICE_OBJECT *Pdo));
R3_CODE(NTSTATUS, WMI_QUERY_DATABLOCK_CALLBACK,
        (PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex, ULONG InstanceIndex,
         ULONG InstanceCount, PULONG InstanceLengthArray, ULONG BufferAvail, PUCHAR Buffer));
R3_CODE(NTSTATUS, WMI_SET_DATABLOCK_CALLBACK,
        (PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex, ULONG InstanceIndex,
         ULONG BufferSize, PUCHAR Buffer));
R3_CODE(NTSTATUS, WMI_SET_DATAITEM_CALLBACK,
        (PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex, ULONG InstanceIndex,
         ULONG DataItemId, ULONG BufferSize, PUCHAR Buffer));
R3_CODE(NTSTATUS, WMI_EXECUTE_METHOD_CALLBACK,
        (PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex, ULONG InstanceIndex,
         ULONG MethodId, ULONG InBufferSize, ULONG OutBufferSize, PUCHAR Buffer));
R3_CODE(NTSTATUS, WMI_FUNCTION_CONTROL_CALLBACK,
        (PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex,
         WMIENABLEDISABLECONTROL Function, BOOLEAN Enable));

#ifdef R3_HOST
typedef void *PWMI_QUERY_REGINFO, *PWMI_QUERY_DATABLOCK, *PWMI_SET_DATABLOCK, *PWMI_SET_DATAITEM,
    *PWMI_EXECUTE_METHOD, *PWMI_FUNCTION_CONTROL;
#else
typedef WMI_QUERY_REGINFO_CALLBACK *PWMI_QUERY_REGINFO;
typedef WMI_QUERY_DATABLOCK_CALLBACK *PWMI_QUERY_DATABLOCK;
typedef WMI_SET_DATABLOCK_CALLBACK *PWMI_SET_DATABLOCK;
typedef WMI_SET_DATAITEM_CALLBACK *PWMI_SET_DATAITEM;
typedef WMI_EXECUTE_METHOD_CALLBACK *PWMI_EXECUTE_METHOD;
typedef WMI_FUNCTION_CONTROL_CALLBACK *PWMI_FUNCTION_CONTROL;
#endif

typedef struct _WMILIB_CONTEXT {
  ULONG GuidCount;
  PWMIGUIDREGINFO GuidList;
  PWMI_QUERY_REGINFO QueryWmiRegInfo;
  PWMI_QUERY_DATABLOCK QueryWmiDataBlock;
  PWMI_SET_DATABLOCK SetWmiDataBlock;
  PWMI_SET_DATAITEM SetWmiDataItem;
  PWMI_EXECUTE_METHOD ExecuteWmiMethod;
  PWMI_FUNCTION_CONTROL WmiFunctionControl;
} WMILIB_CONTEXT, *PWMILIB_CONTEXT;

#ifndef R3_HOST
R3_BEGIN
NTSYSAPI NTSTATUS NTAPI WmiSystemControl(PWMILIB_CONTEXT context, PDEVICE_OBJECT device, PIRP irp,
                                         PSYSCTL_IRP_DISPOSITION disposition);
NTSYSAPI NTSTATUS NTAPI WmiCompleteRequest(PDEVICE_OBJECT device, PIRP irp, NTSTATUS status,
                                           ULONG used, CCHAR boost);
NTSYSAPI NTSTATUS NTAPI WmiFireEvent(PDEVICE_OBJECT device, GUID *guid, ULONG instance,
                                     ULONG size, PVOID data);
R3_END
#endif
#endif
