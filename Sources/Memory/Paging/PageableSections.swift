import NTTypes
import CRing3
import Glibc
import Machine

/// The pageable sections of drivers' images, which are taken away while a thread is at DISPATCH_LEVEL or
/// above.
///
/// A thread below that level which finds a section away, because another thread is raised, gets it back:
/// so Driver Verifier takes pages out as a level is raised, and they are paged in again. Read in signal
/// handlers; no holder of the lock leaves the kernel or touches memory of drivers.
package struct PageableSections {
  private struct Section {
    let start: UInt
    let byteCount: Int
    /// `PROT_*` of the section.
    let protection: Int32
    /// How often drivers locked it: it stays then.
    var lockCount: UInt32 = 0

    func contains(_ address: UInt) -> Bool { address &- start < UInt(byteCount) }

    func protect(_ protection: Int32) {
      mprotect(UnsafeMutableRawPointer(bitPattern: start), byteCount, protection)
    }
  }

  /// What a fault in a section is.
  package enum Fault: UInt8 {
    /// It is in none, or the section's own protection forbids the access.
    case other
    /// The access is to be tried again.
    case pagedIn
    /// A raised thread ran pageable code, or touched pageable data.
    case code, data
  }

  private static let capacity = 1024

  private var lock = MachineLock()
  private var sections: UnsafeMutablePointer<Section>?
  private var count = 0
  private var isHidden = false

  init() {}

  func destroy() { sections?.deallocate() }

  /// Adds a section; beyond 1,024 sections they stay where they are.
  package mutating func add(_ start: UInt, byteCount: Int, protection: Int32) {
    lock.lockStaying()
    defer { lock.unlock() }
    if sections == nil { sections = .allocate(capacity: Self.capacity) }
    guard count < Self.capacity, let sections else { return }
    let section = Section(start: start, byteCount: byteCount, protection: protection)
    (sections + count).initialize(to: section)
    count += 1
    if isHidden { section.protect(PROT_NONE) }
  }

  /// Forgets the sections of an image that goes.
  package mutating func remove(in range: Range<UInt>) {
    lock.lockStaying()
    defer { lock.unlock() }
    guard let sections else { return }
    var kept = 0
    for index in 0..<count where !range.contains(sections[index].start) {
      sections[kept] = sections[index]
      kept += 1
    }
    count = kept
  }

  /// A thread comes to DISPATCH_LEVEL.
  mutating func hide() {
    if count == 0 { return }
    lock.lockStaying()
    if !isHidden {
      isHidden = true
      for index in 0..<count where sections.unsafelyUnwrapped[index].lockCount == 0 {
        sections.unsafelyUnwrapped[index].protect(PROT_NONE)
      }
    }
    lock.unlock()
  }

  /// A thread goes back below DISPATCH_LEVEL.
  mutating func show() {
    if count == 0 { return }
    lock.lockStaying()
    showAll()
    lock.unlock()
  }

  private mutating func showAll() {
    guard isHidden, let sections else { return }
    isHidden = false
    for index in 0..<count { sections[index].protect(sections[index].protection) }
  }

  /// Judges a fault, and brings the sections back whenever it was in one that is away.
  ///
  /// - Parameter isInHost: whether the instruction is this program's own; it may read code at any level,
  ///   as it does to walk stacks.
  mutating func judge(_ address: UInt, level: UInt8, _ access: R3Access, isInHost: Bool) -> Fault {
    if count == 0 { return .other }
    lock.lockStaying()
    defer { lock.unlock() }
    guard let section = section(at: address), section.pointee.lockCount == 0 else { return .other }
    let needed =
      access == R3AccessExecute ? PROT_EXEC : access == R3AccessWrite ? PROT_WRITE : PROT_READ
    guard section.pointee.protection & needed != 0 else { return .other }
    let isCode = section.pointee.protection & PROT_EXEC != 0
    showAll()
    if level < 2 || isInHost && isCode { return .pagedIn }
    return isCode ? .code : .data
  }

  private func section(at address: UInt) -> UnsafeMutablePointer<Section>? {
    guard let sections else { return nil }
    var index = 0
    while index < count, !sections[index].contains(address) { index += 1 }
    return index < count ? sections + index : nil
  }

  /// A driver locks the section of an address in memory, or lets it go.
  mutating func changeLock(of address: UInt, locks: Bool) {
    lock.lockStaying()
    defer { lock.unlock() }
    guard let section = section(at: address) else { return }
    if locks {
      section.pointee.lockCount += 1
      section.pointee.protect(section.pointee.protection)
    } else if section.pointee.lockCount > 0 {
      section.pointee.lockCount -= 1
    }
  }
}

extension Machine {
  /// The pageable sections; empty unless the machine forces IRQL checking.
  package var pageableSections: UnsafeMutablePointer<PageableSections>? {
    guard let memory else { return nil }
    return
      (UnsafeMutableRawPointer(memory)
      + MemoryLayout<Memory>.offset(of: \.pageable).unsafelyUnwrapped)
      .assumingMemoryBound(to: PageableSections.self)
  }

  func changePageableLock(of address: UnsafeMutableRawPointer, locks: Bool) {
    guard verifier.contains(.forceIRQLChecking) else { return }
    pageableSections?.pointee.changeLock(of: UInt(bitPattern: address), locks: locks)
  }
}
