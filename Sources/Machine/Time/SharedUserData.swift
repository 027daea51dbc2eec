import CDriverKit
import CRing3
import Glibc

extension Machine {
  /// The page that drivers read at 0xFFFFF780_0000_0000, as ``updateSharedUserData()`` left it.
  ///
  /// Made at the first use.
  package var sharedUserData: UnsafeMutablePointer<KUSER_SHARED_DATA> {
    if let page = system.pointee.sharedUserData { return page }
    guard let memory = Host.map(pageSize) else { bugCheck(0x5A, UInt64(errno)) }
    let page = memory.bindMemory(to: KUSER_SHARED_DATA.self, capacity: 1)
    fill(page)
    if !r3_cas64(sharedUserDataSlot, 0, bits(page)) { munmap(memory, pageSize) }
    return system.pointee.sharedUserData.unsafelyUnwrapped
  }

  private var sharedUserDataSlot: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(system.field(\.sharedUserData))
  }

  /// Brings the times of the shared page up to date; whoever lets a driver read it calls this before.
  package func updateSharedUserData() {
    let page = sharedUserData
    set(UnsafeMutableRawPointer(page) + Self.offset(of: \.InterruptTime), interruptTime)
    set(UnsafeMutableRawPointer(page) + Self.offset(of: \.SystemTime), systemTime)
    page.pointee.TickCountQuad = tickCount
    page.pointee.TickCount.High2Time = page.pointee.TickCount.High1Time
  }

  private static func offset(of path: PartialKeyPath<KUSER_SHARED_DATA>) -> Int {
    MemoryLayout<KUSER_SHARED_DATA>.offset(of: path).unsafelyUnwrapped
  }

  /// The second high part first, so that a reader in between sees that they differ.
  private func set(_ address: UnsafeMutableRawPointer, _ time: UInt64) {
    r3_store32(address + 8, UInt32(time >> 32))
    r3_store32(address, UInt32(truncatingIfNeeded: time))
    r3_store32(address + 4, UInt32(time >> 32))
  }

  private func fill(_ page: UnsafeMutablePointer<KUSER_SHARED_DATA>) {
    // Milliseconds of a tick, as a fraction of 24 bits.
    page.pointee.TickCountMultiplier = UInt32((Clock.unitsPerTick << 24) / 10_000)
    page.pointee.NtMajorVersion = SystemVersion.major
    page.pointee.NtMinorVersion = SystemVersion.minor
    page.pointee.NtBuildNumber = SystemVersion.build
    page.pointee.NtProductType = NtProductWinNt
    page.pointee.ProductTypeIsValid = 1
    page.pointee.SuiteMask = UInt32(SystemVersion.suites)
    page.pointee.NativeProcessorArchitecture = 9  // PROCESSOR_ARCHITECTURE_AMD64
    page.pointee.QpcFrequency = Int64(Clock.unitsPerSecond)
    page.pointee.ActiveProcessorCount = UInt32(processorCount)
    page.pointee.ActiveGroupCount = 1
    page.pointee.FullNumberOfPhysicalPages = UInt64(state.pointee.memory.frameCount)
    page.pointee.NumberOfPhysicalPages = UInt32(state.pointee.memory.frameCount)
    let root = UnsafeMutableRawPointer(page) + Self.offset(of: \.NtSystemRoot)
    for (index, unit) in "C:\\Windows".utf16.enumerated() {
      root.storeBytes(of: unit, toByteOffset: index * 2, as: UInt16.self)
    }
  }

  func unmapSharedUserData() {
    if let page = system.pointee.sharedUserData { munmap(page, pageSize) }
  }
}
