import CRing3
import Glibc

/// A process: its address space, quota and place in the machine.
///
/// The pointer is what a driver calls PEPROCESS.
public struct Process: Equatable, @unchecked Sendable {
  @usableFromInline package let pointer: UnsafeMutablePointer<ProcessState>

  @inlinable public init(_ pointer: UnsafeMutablePointer<ProcessState>) { self.pointer = pointer }

  @inlinable public init?(_ address: UnsafeMutableRawPointer?) {
    guard let address else { return nil }
    pointer = address.assumingMemoryBound(to: ProcessState.self)
  }

  @inlinable public var machine: Machine {
    Machine(state: pointer.pointee.machine)
  }

  @inlinable public var number: UInt64 { pointer.pointee.number }

  @inlinable public var isSystem: Bool { pointer.pointee.identifier == 4 }
}

/// The body of a process object.
public struct ProcessState {
  /// Room for a DISPATCHER_HEADER: a process can be waited for, and is signalled when it ends.
  package var header: InlineArray<3, UInt64> = .init(repeating: 0)
  @usableFromInline package let machine: UnsafeMutablePointer<MachineState>
  /// Never given twice in a machine; 0 is no process.
  @usableFromInline package let number: UInt64
  /// What a driver sees as the process identifier; a multiple of 4.
  @usableFromInline package let identifier: UInt
  package var space: AddressSpace
  package var nonpagedQuota: Quota
  package var pagedQuota: Quota
  /// Threads of the process that are in the kernel now.
  package var threadsInside: UInt32 = 0
  package var isEnding: UInt32 = 0
  /// 1 once drivers were told that the process ends.
  package var isEndTold: UInt32 = 0
  package var name: InlineArray<16, UInt8> = .init(repeating: 0)
  /// Whether the user of the process is an administrator, else a plain user.
  package var isAdministrator = true
  /// The handle table, owned by Objects.
  package var handles: UnsafeMutableRawPointer?
  /// The token object, owned by SystemServices; made when it is first asked for.
  package var token: UnsafeMutableRawPointer?
  package internal(set) var next: UnsafeMutablePointer<ProcessState>?
}

/// Bytes charged to a process, and the most it may be charged for.
package struct Quota {
  package var used: UInt64 = 0
  package var peak: UInt64 = 0
  package var limit: UInt64
}

package struct ProcessRegistry {
  var lock = MachineLock()
  package internal(set) var first: UnsafeMutablePointer<ProcessState>?
  var nextNumber: UInt64 = 1
  package var system: UnsafeMutablePointer<ProcessState>?

  mutating func destroyAll() {
    while let process = first {
      first = process.pointee.next
      process.pointee.space.unmap()
      ObjectHeader.free(process)
    }
  }
}

extension Machine {
  /// Makes a process; its first thread is the first host thread that enters with it.
  package func makeProcess(_ name: String) throws(MachineError) -> Process {
    state.pointee.processes.lock.lock()
    let number = state.pointee.processes.nextNumber
    state.pointee.processes.nextNumber += 1
    state.pointee.processes.lock.unlock()
    let space = try AddressSpace(
      startingAt: Int(truncatingIfNeeded: state.pointee.number &* 4 &+ number))
    let quota = Quota(limit: UInt64(state.pointee.configuration.processQuotaByteCount))
    let body = ObjectHeader.allocate(ProcessState.self)
    body.initialize(
      to: ProcessState(
        machine: state, number: number, identifier: UInt(number) * 4, space: space,
        nonpagedQuota: quota, pagedQuota: quota))
    DispatcherObject(body).initialize(type: DispatcherKind.process, size: 24)
    for (index, byte) in name.utf8.prefix(15).enumerated() { body.pointee.name[index] = byte }
    state.pointee.processes.lock.lock()
    body.pointee.next = state.pointee.processes.first
    state.pointee.processes.first = body
    state.pointee.processes.lock.unlock()
    return Process(body)
  }

  /// Calls `body` with every process; they live as long as the machine.
  package func forEachProcess(_ body: (Process) -> Void) {
    var next = state.pointee.processes.first
    while let process = next {
      body(Process(process))
      next = process.pointee.next
    }
  }

  /// The process that system threads and DriverEntry run in; its identifier is 4.
  package var systemProcess: Process { Process(state.pointee.processes.system!) }
}
