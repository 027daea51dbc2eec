import CDriverKit
import Testing

/// Values that drivers were compiled with and that can therefore never change.
@Suite struct ConstantTests {
  @Test(
    "POOL-12: the values of POOL_TYPE",
    arguments: [
      (NonPagedPool, 0), (NonPagedPoolExecute, 0), (PagedPool, 1), (NonPagedPoolMustSucceed, 2),
      (DontUseThisType, 3), (NonPagedPoolCacheAligned, 4), (PagedPoolCacheAligned, 5),
      (NonPagedPoolCacheAlignedMustS, 6), (MaxPoolType, 7), (NonPagedPoolBase, 0),
      (NonPagedPoolSession, 32), (NonPagedPoolNx, 512), (NonPagedPoolNxCacheAligned, 516),
      (NonPagedPoolSessionNx, 544),
    ] as [(POOL_TYPE, UInt32)])
  func poolTypes(type: POOL_TYPE, value: UInt32) {
    #expect(type.rawValue == value)
  }

  @Test("POOL-13: the bits that modify a pool type")
  func poolModifiers() {
    #expect(POOL_QUOTA_FAIL_INSTEAD_OF_RAISE == 8)
    #expect(POOL_RAISE_IF_ALLOCATION_FAILURE == 16)
    #expect(POOL_COLD_ALLOCATION == 256)
    #expect(POOL_NX_ALLOCATION == 512)
    #expect(POOL_ZERO_ALLOCATION == 1024)
  }

  @Test(
    "POOL-19: POOL_FLAGS has 64 bits",
    arguments: [
      (POOL_FLAG_USE_QUOTA, 0x1), (POOL_FLAG_UNINITIALIZED, 0x2), (POOL_FLAG_SESSION, 0x4),
      (POOL_FLAG_CACHE_ALIGNED, 0x8), (POOL_FLAG_RESERVED1, 0x10),
      (POOL_FLAG_RAISE_ON_FAILURE, 0x20), (POOL_FLAG_NON_PAGED, 0x40),
      (POOL_FLAG_NON_PAGED_EXECUTE, 0x80), (POOL_FLAG_PAGED, 0x100),
      (POOL_FLAG_RESERVED2, 0x200), (POOL_FLAG_RESERVED3, 0x400),
      (POOL_FLAG_REQUIRED_END, 0x8000_0000), (POOL_FLAG_OPTIONAL_START, 0x1_0000_0000),
      (POOL_FLAG_SPECIAL_POOL, 0x1_0000_0000), (POOL_FLAG_OPTIONAL_END, 0x8000_0000_0000_0000),
    ] as [(POOL_FLAGS, UInt64)])
  func poolFlags(flag: POOL_FLAGS, value: UInt64) {
    #expect(flag == value)
  }

  @Test("POOL-25: the types of an extended parameter, and its bit fields")
  func extendedParameters() {
    #expect(PoolExtendedParameterInvalidType.rawValue == 0)
    #expect(PoolExtendedParameterPriority.rawValue == 1)
    #expect(PoolExtendedParameterSecurePool.rawValue == 2)
    #expect(PoolExtendedParameterNumaNode.rawValue == 3)
    var parameter = POOL_EXTENDED_PARAMETER()
    parameter.`Type` = 60
    parameter.Optional = 1
    #expect(withUnsafeBytes(of: parameter) { $0.load(as: UInt64.self) } == 0x13C)
  }

  @Test(
    "POOL-27: the values of EX_POOL_PRIORITY",
    arguments: [
      (LowPoolPriority, 0), (LowPoolPrioritySpecialPoolOverrun, 8),
      (LowPoolPrioritySpecialPoolUnderrun, 9), (NormalPoolPriority, 16),
      (NormalPoolPrioritySpecialPoolOverrun, 24), (NormalPoolPrioritySpecialPoolUnderrun, 25),
      (HighPoolPriority, 32), (HighPoolPrioritySpecialPoolOverrun, 40),
      (HighPoolPrioritySpecialPoolUnderrun, 41),
    ] as [(EX_POOL_PRIORITY, UInt32)])
  func poolPriorities(priority: EX_POOL_PRIORITY, value: UInt32) {
    #expect(priority.rawValue == value)
  }

  @Test("MDL-03: the flags of an MDL")
  func mdlFlags() {
    let flags = [
      MDL_MAPPED_TO_SYSTEM_VA, MDL_PAGES_LOCKED, MDL_SOURCE_IS_NONPAGED_POOL,
      MDL_ALLOCATED_FIXED_SIZE, MDL_PARTIAL, MDL_PARTIAL_HAS_BEEN_MAPPED, MDL_IO_PAGE_READ,
      MDL_WRITE_OPERATION, MDL_LOCKED_PAGE_TABLES, MDL_FREE_EXTRA_PTES, MDL_DESCRIBES_AWE,
      MDL_IO_SPACE, MDL_NETWORK_HEADER, MDL_MAPPING_CAN_FAIL, MDL_PAGE_CONTENTS_INVARIANT,
      MDL_INTERNAL,
    ]
    #expect(flags == (0..<16).map { 1 << $0 })
    #expect(MDL_PARENT_MAPPED_SYSTEM_VA == 0x100)
    #expect(MDL_ALLOCATED_MUST_SUCCEED == 0x4000)
  }

  @Test("MDL-17: what a page is locked for")
  func lockOperations() {
    #expect([IoReadAccess, IoWriteAccess, IoModifyAccess].map(\.rawValue) == [0, 1, 2])
  }

  @Test("MDL-30: page priorities and the bits beside them")
  func pagePriorities() {
    #expect(LowPagePriority.rawValue == 0)
    #expect(NormalPagePriority.rawValue == 16)
    #expect(HighPagePriority.rawValue == 32)
    #expect(MdlMappingNoWrite == 0x8000_0000)
    #expect(MdlMappingNoExecute == 0x4000_0000)
  }

  @Test("MDL-42: the flags of a page allocation")
  func pageAllocationFlags() {
    #expect(MM_DONT_ZERO_ALLOCATION == 0x1)
    #expect(MM_ALLOCATE_FROM_LOCAL_NODE_ONLY == 0x2)
    #expect(MM_ALLOCATE_FULLY_REQUIRED == 0x4)
    #expect(MM_ALLOCATE_NO_WAIT == 0x8)
    #expect(MM_ALLOCATE_PREFER_CONTIGUOUS == 0x10)
    #expect(MM_ALLOCATE_REQUIRE_CONTIGUOUS_CHUNKS == 0x20)
    #expect(MM_ALLOCATE_FAST_LARGE_PAGES == 0x40)
    #expect(MM_ALLOCATE_AND_HOT_REMOVE == 0x100)
  }

  @Test("BUF-01: the flags that choose a buffering method")
  func bufferingFlags() {
    #expect(DO_BUFFERED_IO == 0x4)
    #expect(DO_DIRECT_IO == 0x10)
    #expect(DO_DEVICE_INITIALIZING == 0x80)
  }

  @Test("BUF-05: methods and the values of the access field")
  func controlCodes() {
    #expect(
      [METHOD_BUFFERED, METHOD_IN_DIRECT, METHOD_OUT_DIRECT, METHOD_NEITHER] == [0, 1, 2, 3])
    #expect([FILE_ANY_ACCESS, FILE_READ_DATA, FILE_WRITE_DATA] == [0, 1, 2])
    #expect([FILE_READ_ACCESS, FILE_WRITE_ACCESS] == [1, 2])
  }

  @Test(
    "BUF-47: the flags of an IRP",
    arguments: [
      (IRP_NOCACHE, 0x1), (IRP_PAGING_IO, 0x2), (IRP_MOUNT_COMPLETION, 0x2),
      (IRP_SYNCHRONOUS_API, 0x4), (IRP_ASSOCIATED_IRP, 0x8), (IRP_BUFFERED_IO, 0x10),
      (IRP_DEALLOCATE_BUFFER, 0x20), (IRP_INPUT_OPERATION, 0x40),
      (IRP_SYNCHRONOUS_PAGING_IO, 0x40), (IRP_CREATE_OPERATION, 0x80),
      (IRP_READ_OPERATION, 0x100), (IRP_WRITE_OPERATION, 0x200), (IRP_CLOSE_OPERATION, 0x400),
      (IRP_DEFER_IO_COMPLETION, 0x800), (IRP_OB_QUERY_NAME, 0x1000),
      (IRP_HOLD_DEVICE_QUEUE, 0x2000), (IRP_UM_DRIVER_INITIATED_IO, 0x40_0000),
    ] as [(Int32, Int32)])
  func irpFlags(flag: Int32, value: Int32) {
    #expect(flag == value)
  }

  @Test("BUF-57: what a stack location says about completion")
  func controlFlags() {
    #expect(SL_PENDING_RETURNED == 0x1)
    #expect(SL_ERROR_RETURNED == 0x2)
    #expect(SL_INVOKE_ON_CANCEL == 0x20)
    #expect(SL_INVOKE_ON_SUCCESS == 0x40)
    #expect(SL_INVOKE_ON_ERROR == 0x80)
  }

  @Test("BUF-62: the priority boosts of a completion")
  func boosts() {
    #expect(IO_NO_INCREMENT == 0)
    #expect(IO_DISK_INCREMENT == 1)
    #expect(IO_KEYBOARD_INCREMENT == 6)
    #expect(IO_MOUSE_INCREMENT == 6)
    #expect(IO_SERIAL_INCREMENT == 2)
    #expect(IO_PARALLEL_INCREMENT == 1)
    #expect(IO_SOUND_INCREMENT == 8)
    #expect(IO_VIDEO_INCREMENT == 1)
    #expect(IO_NETWORK_INCREMENT == 2)
  }

  @Test(
    "BUF-85: major function codes",
    arguments: [
      (IRP_MJ_CREATE, 0x00), (IRP_MJ_CLOSE, 0x02), (IRP_MJ_READ, 0x03), (IRP_MJ_WRITE, 0x04),
      (IRP_MJ_FLUSH_BUFFERS, 0x09), (IRP_MJ_DEVICE_CONTROL, 0x0E),
      (IRP_MJ_INTERNAL_DEVICE_CONTROL, 0x0F), (IRP_MJ_SHUTDOWN, 0x10), (IRP_MJ_CLEANUP, 0x12),
      (IRP_MJ_POWER, 0x16), (IRP_MJ_SYSTEM_CONTROL, 0x17), (IRP_MJ_PNP, 0x1B),
      (IRP_MJ_MAXIMUM_FUNCTION, 0x1B),
    ] as [(Int32, Int32)])
  func majorFunctions(code: Int32, value: Int32) {
    #expect(code == value)
  }

  @Test("Statuses are negative exactly when they are warnings or errors")
  func statuses() {
    #expect(STATUS_SUCCESS == 0)
    #expect(STATUS_PENDING == 0x103)
    #expect(STATUS_BUFFER_OVERFLOW == Int32(bitPattern: 0x8000_0005))
    #expect(STATUS_VERIFY_REQUIRED == Int32(bitPattern: 0x8000_0016))
    #expect(STATUS_MORE_PROCESSING_REQUIRED == Int32(bitPattern: 0xC000_0016))
    #expect(STATUS_BUFFER_TOO_SMALL == Int32(bitPattern: 0xC000_0023))
    #expect(STATUS_INSUFFICIENT_RESOURCES == Int32(bitPattern: 0xC000_009A))
    #expect(STATUS_CANCELLED == Int32(bitPattern: 0xC000_0120))
  }
}
