// Pool: the kinds of memory, the flags of an allocation, and lookaside lists above it.
#ifndef R3_WDM_POOL_H
#define R3_WDM_POOL_H

#include "../ntdef.h"

// MARK: Kinds

typedef enum _POOL_TYPE {
  NonPagedPool = 0,
  NonPagedPoolExecute = 0,
  PagedPool = 1,
  NonPagedPoolMustSucceed = 2,
  DontUseThisType = 3,
  NonPagedPoolCacheAligned = 4,
  PagedPoolCacheAligned = 5,
  NonPagedPoolCacheAlignedMustS = 6,
  MaxPoolType = 7,
  NonPagedPoolBase = 0,
  NonPagedPoolBaseMustSucceed = 2,
  NonPagedPoolBaseCacheAligned = 4,
  NonPagedPoolBaseCacheAlignedMustS = 6,
  NonPagedPoolSession = 32,
  PagedPoolSession = 33,
  NonPagedPoolMustSucceedSession = 34,
  DontUseThisTypeSession = 35,
  NonPagedPoolCacheAlignedSession = 36,
  PagedPoolCacheAlignedSession = 37,
  NonPagedPoolCacheAlignedMustSSession = 38,
  NonPagedPoolNx = 512,
  NonPagedPoolNxCacheAligned = 516,
  NonPagedPoolSessionNx = 544
} POOL_TYPE;

#define POOL_QUOTA_FAIL_INSTEAD_OF_RAISE 8
#define POOL_RAISE_IF_ALLOCATION_FAILURE 16
#define POOL_COLD_ALLOCATION 256
#define POOL_NX_ALLOCATION 512
#define POOL_ZERO_ALLOCATION 1024

// MARK: Flags of ExAllocatePool2 and ExAllocatePool3

typedef ULONG64 POOL_FLAGS;

#define POOL_FLAG_REQUIRED_START 0x0000000000000001ULL
#define POOL_FLAG_USE_QUOTA 0x0000000000000001ULL
#define POOL_FLAG_UNINITIALIZED 0x0000000000000002ULL
#define POOL_FLAG_SESSION 0x0000000000000004ULL
#define POOL_FLAG_CACHE_ALIGNED 0x0000000000000008ULL
#define POOL_FLAG_RESERVED1 0x0000000000000010ULL
#define POOL_FLAG_RAISE_ON_FAILURE 0x0000000000000020ULL
#define POOL_FLAG_NON_PAGED 0x0000000000000040ULL
#define POOL_FLAG_NON_PAGED_EXECUTE 0x0000000000000080ULL
#define POOL_FLAG_PAGED 0x0000000000000100ULL
#define POOL_FLAG_RESERVED2 0x0000000000000200ULL
#define POOL_FLAG_RESERVED3 0x0000000000000400ULL
#define POOL_FLAG_LAST_KNOWN_REQUIRED 0x0000000000000400ULL
#define POOL_FLAG_REQUIRED_END 0x0000000080000000ULL
#define POOL_FLAG_OPTIONAL_START 0x0000000100000000ULL
#define POOL_FLAG_SPECIAL_POOL 0x0000000100000000ULL
#define POOL_FLAG_OPTIONAL_END 0x8000000000000000ULL

typedef enum _EX_POOL_PRIORITY {
  LowPoolPriority = 0,
  LowPoolPrioritySpecialPoolOverrun = 8,
  LowPoolPrioritySpecialPoolUnderrun = 9,
  NormalPoolPriority = 16,
  NormalPoolPrioritySpecialPoolOverrun = 24,
  NormalPoolPrioritySpecialPoolUnderrun = 25,
  HighPoolPriority = 32,
  HighPoolPrioritySpecialPoolOverrun = 40,
  HighPoolPrioritySpecialPoolUnderrun = 41
} EX_POOL_PRIORITY;

typedef enum POOL_EXTENDED_PARAMETER_TYPE {
  PoolExtendedParameterInvalidType = 0,
  PoolExtendedParameterPriority = 1,
  PoolExtendedParameterSecurePool = 2,
  PoolExtendedParameterNumaNode = 3,
  PoolExtendedParameterMax = 4
} POOL_EXTENDED_PARAMETER_TYPE, *PPOOL_EXTENDED_PARAMETER_TYPE;

#define POOL_EXTENDED_PARAMETER_TYPE_BITS 8
#define POOL_EXTENDED_PARAMETER_REQUIRED_FIELD_BITS 1
#define POOL_EXTENDED_PARAMETER_RESERVED_BITS 55

#define SECURE_POOL_FLAGS_NONE 0x0
#define SECURE_POOL_FLAGS_FREEABLE 0x1
#define SECURE_POOL_FLAGS_MODIFIABLE 0x2

typedef struct _POOL_EXTENDED_PARAMS_SECURE_POOL {
  HANDLE SecurePoolHandle;
  PVOID Buffer;
  ULONG_PTR Cookie;
  ULONG SecurePoolFlags;
} POOL_EXTENDED_PARAMS_SECURE_POOL;

typedef ULONG POOL_NODE_REQUIREMENT;
#define POOL_NODE_REQUIREMENT_NONE 0x80000000

typedef struct R3_ALIGN(8) _POOL_EXTENDED_PARAMETER {
  struct {
    ULONG64 Type : 8;
    ULONG64 Optional : 1;
    ULONG64 Reserved : 55;
  };
  union {
    ULONG64 Reserved2;
    PVOID Reserved3;
    EX_POOL_PRIORITY Priority;
    POOL_EXTENDED_PARAMS_SECURE_POOL *SecurePoolParams;
    POOL_NODE_REQUIREMENT PreferredNode;
  };
} POOL_EXTENDED_PARAMETER, *PPOOL_EXTENDED_PARAMETER;
typedef const POOL_EXTENDED_PARAMETER *PCPOOL_EXTENDED_PARAMETER;

// MARK: Lookaside lists

struct _LOOKASIDE_LIST_EX;

R3_CODE(PVOID, ALLOCATE_FUNCTION, (POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag));
R3_CODE(void, FREE_FUNCTION, (PVOID Buffer));
R3_CODE(PVOID, ALLOCATE_FUNCTION_EX,
        (POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag,
         struct _LOOKASIDE_LIST_EX *Lookaside));
R3_CODE(void, FREE_FUNCTION_EX, (PVOID Buffer, struct _LOOKASIDE_LIST_EX *Lookaside));

#define LOOKASIDE_MINIMUM_BLOCK_SIZE 8
#define EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL 0x00000001
#define EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE 0x00000002
#define EX_MAXIMUM_LOOKASIDE_DEPTH_BASE 256
#define EX_MAXIMUM_LOOKASIDE_DEPTH_LIMIT 1024

#define R3_LOOKASIDE_FIELDS             \
  union {                               \
    SLIST_HEADER ListHead;              \
    SINGLE_LIST_ENTRY SingleListHead;   \
  };                                    \
  USHORT Depth;                         \
  USHORT MaximumDepth;                  \
  ULONG TotalAllocates;                 \
  union {                               \
    ULONG AllocateMisses;               \
    ULONG AllocateHits;                 \
  };                                    \
  ULONG TotalFrees;                     \
  union {                               \
    ULONG FreeMisses;                   \
    ULONG FreeHits;                     \
  };                                    \
  POOL_TYPE Type;                       \
  ULONG Tag;                            \
  ULONG Size;                           \
  union {                               \
    PALLOCATE_FUNCTION_EX AllocateEx;   \
    PALLOCATE_FUNCTION Allocate;        \
  };                                    \
  union {                               \
    PFREE_FUNCTION_EX FreeEx;           \
    PFREE_FUNCTION Free;                \
  };                                    \
  LIST_ENTRY ListEntry;                 \
  ULONG LastTotalAllocates;             \
  union {                               \
    ULONG LastAllocateMisses;           \
    ULONG LastAllocateHits;             \
  };                                    \
  ULONG Future[2]

/// The part that all lookaside lists share, in the form of LOOKASIDE_LIST_EX.
typedef struct _GENERAL_LOOKASIDE_POOL {
  R3_LOOKASIDE_FIELDS;
} GENERAL_LOOKASIDE_POOL, *PGENERAL_LOOKASIDE_POOL;

// In a driver the larger form lies on cache lines; the host pads it to the same size instead.
#ifdef R3_HOST
#define R3_LOOKASIDE_ALIGN R3_ALIGN(16)
#else
#define R3_LOOKASIDE_ALIGN R3_ALIGN(64)
#endif

typedef struct R3_LOOKASIDE_ALIGN _GENERAL_LOOKASIDE {
  R3_LOOKASIDE_FIELDS;
  ULONG64 R3Padding[4];
} GENERAL_LOOKASIDE, *PGENERAL_LOOKASIDE;

typedef struct R3_LOOKASIDE_ALIGN _NPAGED_LOOKASIDE_LIST {
  GENERAL_LOOKASIDE L;
} NPAGED_LOOKASIDE_LIST, *PNPAGED_LOOKASIDE_LIST;

typedef struct R3_LOOKASIDE_ALIGN _PAGED_LOOKASIDE_LIST {
  GENERAL_LOOKASIDE L;
} PAGED_LOOKASIDE_LIST, *PPAGED_LOOKASIDE_LIST;

typedef struct _LOOKASIDE_LIST_EX {
  GENERAL_LOOKASIDE_POOL L;
} LOOKASIDE_LIST_EX, *PLOOKASIDE_LIST_EX;

#undef R3_LOOKASIDE_ALIGN
#undef R3_LOOKASIDE_FIELDS

#endif
