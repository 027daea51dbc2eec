// The page that the system shares with everyone: time, version, features.
#ifndef R3_WDM_SHARED_DATA_H
#define R3_WDM_SHARED_DATA_H

#include "../ntdef.h"

/// A time that is read without a lock: valid when both high parts agree.
typedef struct _KSYSTEM_TIME {
  ULONG LowPart;
  LONG High1Time;
  LONG High2Time;
} KSYSTEM_TIME, *PKSYSTEM_TIME;

typedef enum _ALTERNATIVE_ARCHITECTURE_TYPE {
  StandardDesign,
  NEC98x86,
  EndAlternatives
} ALTERNATIVE_ARCHITECTURE_TYPE;

#define PROCESSOR_FEATURE_MAX 64

/// The main fields, up to those that a driver of today may read.
typedef struct _KUSER_SHARED_DATA {
  ULONG TickCountLowDeprecated;
  ULONG TickCountMultiplier;
  volatile KSYSTEM_TIME InterruptTime;
  volatile KSYSTEM_TIME SystemTime;
  volatile KSYSTEM_TIME TimeZoneBias;
  USHORT ImageNumberLow;
  USHORT ImageNumberHigh;
  WCHAR NtSystemRoot[260];
  ULONG MaxStackTraceDepth;
  ULONG CryptoExponent;
  ULONG TimeZoneId;
  ULONG LargePageMinimum;
  ULONG AitSamplingValue;
  ULONG AppCompatFlag;
  ULONGLONG RNGSeedVersion;
  ULONG GlobalValidationRunlevel;
  volatile LONG TimeZoneBiasStamp;
  ULONG NtBuildNumber;
  NT_PRODUCT_TYPE NtProductType;
  BOOLEAN ProductTypeIsValid;
  BOOLEAN Reserved0[1];
  USHORT NativeProcessorArchitecture;
  ULONG NtMajorVersion;
  ULONG NtMinorVersion;
  BOOLEAN ProcessorFeatures[PROCESSOR_FEATURE_MAX];
  ULONG Reserved1;
  ULONG Reserved3;
  volatile ULONG TimeSlip;
  ALTERNATIVE_ARCHITECTURE_TYPE AlternativeArchitecture;
  ULONG BootId;
  LARGE_INTEGER SystemExpirationDate;
  ULONG SuiteMask;
  BOOLEAN KdDebuggerEnabled;
  UCHAR MitigationPolicies;
  USHORT CyclesPerYield;
  volatile ULONG ActiveConsoleId;
  volatile ULONG DismountCount;
  ULONG ComPlusPackage;
  ULONG LastSystemRITEventTickCount;
  ULONG NumberOfPhysicalPages;
  BOOLEAN SafeBootMode;
  UCHAR VirtualizationFlags;
  UCHAR Reserved12[2];
  ULONG SharedDataFlags;
  ULONG DataFlagsPad[1];
  ULONGLONG TestRetInstruction;
  LONGLONG QpcFrequency;
  ULONG SystemCall;
  ULONG Reserved2;
  ULONGLONG FullNumberOfPhysicalPages;
  ULONGLONG SystemCallPad[1];
  union {
    volatile KSYSTEM_TIME TickCount;
    volatile ULONG64 TickCountQuad;
    struct {
      ULONG ReservedTickCountOverlay[3];
      ULONG TickCountPad[1];
    };
  };
  ULONG Cookie;
  ULONG CookiePad[1];
  LONGLONG ConsoleSessionForegroundProcessId;
  ULONGLONG TimeUpdateLock;
  ULONGLONG BaselineSystemTimeQpc;
  ULONGLONG BaselineInterruptTimeQpc;
  ULONGLONG QpcSystemTimeIncrement;
  ULONGLONG QpcInterruptTimeIncrement;
  UCHAR QpcSystemTimeIncrementShift;
  UCHAR QpcInterruptTimeIncrementShift;
  USHORT UnparkedProcessorCount;
  ULONG EnclaveFeatureMask[4];
  ULONG TelemetryCoverageRound;
  USHORT UserModeGlobalLogger[16];
  ULONG ImageFileExecutionOptions;
  ULONG LangGenerationCount;
  ULONGLONG Reserved4;
  volatile ULONGLONG InterruptTimeBias;
  volatile ULONGLONG QpcBias;
  ULONG ActiveProcessorCount;
  volatile UCHAR ActiveGroupCount;
  UCHAR Reserved9;
  USHORT QpcData;
  LARGE_INTEGER TimeZoneBiasEffectiveStart;
  LARGE_INTEGER TimeZoneBiasEffectiveEnd;
} KUSER_SHARED_DATA, *PKUSER_SHARED_DATA;

#define KI_USER_SHARED_DATA 0xFFFFF78000000000ULL

#endif
