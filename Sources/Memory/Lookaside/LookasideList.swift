import CDriverKit
import CRing3
import Glibc
import Machine

/// A lookaside list by its head, which lies in a driver's memory and has the layout of Windows.
///
/// The macros of the driver kit work on the head directly; what is here does the same to it.
package struct LookasideList {
  package let head: UnsafeMutablePointer<GENERAL_LOOKASIDE_POOL>

  /// Least and first limit of the number of entries that are kept.
  package static let minimumDepth: UInt16 = 4
  package static let maximumDepth: UInt16 = 256
  static let minimumByteCount: UInt32 = 8

  @inline(__always)
  package init(_ head: UnsafeMutableRawPointer) {
    self.head = head.assumingMemoryBound(to: GENERAL_LOOKASIDE_POOL.self)
  }

  package var address: UInt { UInt(bitPattern: head) }

  @inline(__always)
  var entries: SList { SList(UnsafeMutableRawPointer(head)) }

  var isPaged: Bool { head.pointee.Type.rawValue & 1 != 0 }

  /// Number of entries that are kept now.
  package var cachedCount: Int { Int(entries.depth) }

  // MARK: Entries

  /// Takes the entry freed last, or asks the list's Allocate routine.
  @inline(__always)
  package func allocate() -> UnsafeMutableRawPointer? {
    head.pointee.TotalAllocates &+= 1
    let entry = entries.pop()
    return entry != 0 ? UnsafeMutableRawPointer(bitPattern: entry) : allocateAnother()
  }

  @inline(never)
  private func allocateAnother() -> UnsafeMutableRawPointer? {
    let list = head.pointee
    head.pointee.AllocateMisses &+= 1
    if UnsafeRawPointer(list.AllocateEx) == Machine.current.driverStubs.allocate {
      if Machine.current.injectsFailures,
        Machine.current.refuses(DriverStubs.refusedList, tag: list.Tag)
      {
        return nil
      }
      return exAllocatePoolWithTag(list.Type.rawValue, UInt64(list.Size), list.Tag)
    }
    guard let routine = UnsafeRawPointer(list.AllocateEx) else { notInitialized() }
    let result = r3_call4(
      routine, UInt64(list.Type.rawValue), UInt64(list.Size), UInt64(list.Tag),
      UInt64(address))
    return UnsafeMutableRawPointer(bitPattern: UInt(result))
  }

  /// Keeps an entry for the next allocation, or hands it to the list's Free routine when the list
  /// is full.
  @inline(__always)
  package func free(_ entry: UnsafeMutableRawPointer) {
    head.pointee.TotalFrees &+= 1
    if entries.depth >= head.pointee.Depth {
      head.pointee.FreeMisses &+= 1
      release(UInt(bitPattern: entry))
    } else {
      _ = entries.push(UInt(bitPattern: entry))
    }
  }

  /// Hands an entry to the list's Free routine.
  @inline(never)
  func release(_ entry: UInt) {
    guard let routine = UnsafeRawPointer(head.pointee.FreeEx) else { notInitialized() }
    if routine == Machine.current.driverStubs.free {
      exFreePool(UnsafeMutableRawPointer(bitPattern: entry))
    } else {
      _ = r3_call2(routine, UInt64(entry), UInt64(address))
    }
  }

  private func notInitialized() -> Never {
    Machine.current.bugCheck(0xC4, 0xCB, UInt64(address))
  }

  /// Hands every kept entry to the Free routine.
  package func flush() {
    var entry = entries.flush()
    while entry != 0 {
      let next = UnsafePointer<UInt>(bitPattern: entry).unsafelyUnwrapped.pointee
      release(entry)
      entry = next
    }
  }
}

extension Machine {
  var driverStubs: DriverStubs { memory.unsafelyUnwrapped.pointee.stubs }
}
