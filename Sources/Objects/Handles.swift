import CRing3
import Glibc
import Machine
import Memory

/// A handle as a program or driver sees it: a multiple of 4; kernel handles have the top bits set.
package typealias HandleValue = UInt

/// One open handle.
package struct HandleEntry {
  /// The object's body; nil in a free entry.
  package var body: UnsafeMutableRawPointer?
  package var grantedAccess: UInt32
  package var attributes: UInt32
}

/// The handles of one process, in memory that never moves: readers take no lock.
package struct HandleTable {
  /// Most handles that one process can have.
  package static let capacity = 1 << 20

  let entries: UnsafeMutablePointer<HandleEntry>
  var lock = MachineLock()
  /// Entries from here on were never used.
  var used = 1
  /// Smallest index that may be free below `used`.
  var firstFree = 1
  package var openCount = 0

  init?() {
    guard let memory = Host.map(Self.capacity * MemoryLayout<HandleEntry>.stride) else {
      return nil
    }
    entries = memory.assumingMemoryBound(to: HandleEntry.self)
  }

  func unmap() { munmap(entries, Self.capacity * MemoryLayout<HandleEntry>.stride) }
}

extension ObjectManager {
  package static var kernelHandleBits: HandleValue { 0xFFFF_FFFF_8000_0000 }

  /// Opens a handle to an object in the table of `process`; the handle holds a reference.
  ///
  /// - Returns: nil when the table is full.
  package func openHandle(
    to body: UnsafeMutableRawPointer, in process: Process, access: UInt32, attributes: UInt32 = 0
  ) -> HandleValue? {
    guard let table = table(of: process) else { return nil }
    table.pointee.lock.lock()
    var index = table.pointee.firstFree
    while index < table.pointee.used, table.pointee.entries[index].body != nil { index += 1 }
    let fits = index < HandleTable.capacity
    if fits {
      table.pointee.used = max(table.pointee.used, index + 1)
      table.pointee.firstFree = index + 1
      table.pointee.openCount += 1
      table.pointee.entries[index] = HandleEntry(
        body: body, grantedAccess: access, attributes: attributes)
    }
    table.pointee.lock.unlock()
    guard fits else { return nil }
    reference(body)
    _ = r3_add64(&header(of: body).pointee.handleCount, 1)
    let value = HandleValue(index) * 4
    return process.isSystem ? value | Self.kernelHandleBits : value
  }

  /// The entry of an open handle; a copy, without a reference.
  package func entry(_ handle: HandleValue, in process: Process) -> HandleEntry? {
    guard let place = place(of: handle, in: process) else { return nil }
    let entry = place.pointee
    return entry.body == nil ? nil : entry
  }

  /// Where the entry of a handle lies, in use or not; nil for a number that no handle has.
  @inline(__always)
  func place(of handle: HandleValue, in process: Process) -> UnsafeMutablePointer<HandleEntry>? {
    let owner =
      handle & Self.kernelHandleBits == Self.kernelHandleBits
      ? machine.systemProcess : process
    let value = handle & ~Self.kernelHandleBits
    guard
      let table = owner.pointer.pointee.handles?.assumingMemoryBound(to: HandleTable.self),
      value & 3 == 0, value != 0, value / 4 < UInt(HandleTable.capacity)
    else { return nil }
    return table.pointee.entries + Int(value / 4)
  }

  /// Closes a handle; the object's close procedure runs, then its reference goes.
  ///
  /// - Returns: false when the handle is not open.
  package func closeHandle(_ handle: HandleValue, in process: Process) -> Bool {
    let owner =
      handle & Self.kernelHandleBits == Self.kernelHandleBits
      ? machine.systemProcess : process
    let index = Int((handle & ~Self.kernelHandleBits) / 4)
    guard entry(handle, in: process) != nil, let table = table(of: owner) else { return false }
    table.pointee.lock.lock()
    let body = table.pointee.entries[index].body
    table.pointee.entries[index].body = nil
    if body != nil {
      table.pointee.openCount -= 1
      table.pointee.firstFree = min(table.pointee.firstFree, index)
    }
    table.pointee.lock.unlock()
    guard let body else { return false }
    release(body)
    return true
  }

  private func release(_ body: UnsafeMutableRawPointer) {
    let header = header(of: body)
    let before = r3_add64(&header.pointee.handleCount, ~0)
    if let close = header.pointee.type?.assumingMemoryBound(to: ObjectType.self).pointee.close {
      close(body, before)
    }
    dereference(body)
  }

  /// Closes every handle of a process: it ends.
  package func closeAllHandles(of process: Process) {
    guard let table = process.pointer.pointee.handles?.assumingMemoryBound(to: HandleTable.self)
    else { return }
    for index in 1..<table.pointee.used where table.pointee.entries[index].body != nil {
      let bits = process.isSystem ? Self.kernelHandleBits : 0
      _ = closeHandle(HandleValue(index) * 4 | bits, in: process)
    }
  }

  /// The table of a process, made at the first use.
  private func table(of process: Process) -> UnsafeMutablePointer<HandleTable>? {
    if let table = process.pointer.pointee.handles {
      return table.assumingMemoryBound(to: HandleTable.self)
    }
    state.pointee.lock.lock()
    if process.pointer.pointee.handles == nil, let table = HandleTable() {
      let memory = UnsafeMutablePointer<HandleTable>.allocate(capacity: 1)
      memory.initialize(to: table)
      process.pointer.pointee.handles = UnsafeMutableRawPointer(memory)
    }
    state.pointee.lock.unlock()
    return process.pointer.pointee.handles?.assumingMemoryBound(to: HandleTable.self)
  }

  /// Forgets the table of a process whose handles are closed, or whose machine has ended.
  package func destroyTable(of process: Process) {
    guard let table = process.pointer.pointee.handles?.assumingMemoryBound(to: HandleTable.self)
    else { return }
    process.pointer.pointee.handles = nil
    table.pointee.unmap()
    table.deallocate()
  }
}
