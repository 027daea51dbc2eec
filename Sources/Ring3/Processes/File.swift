import CDriverKit
import IOManager
import Machine
import NTTypes
import Objects

/// An open device, as a program has it.
///
/// Requests may be sent from several threads at once. The handle is closed when the last reference
/// goes, or by ``close()``.
public final class File: @unchecked Sendable {
  /// The process that opened the file.
  public let process: UserProcess
  package let handle: HandleValue
  private let isOpen: UnsafeMutablePointer<UInt32>

  init(process: UserProcess, handle: HandleValue) {
    self.process = process
    self.handle = handle
    isOpen = .allocate(capacity: 1)
    isOpen.initialize(to: 1)
  }

  deinit {
    try? close()
    isOpen.deallocate()
  }

  /// The answer to a request: its status, and what the driver reported with it.
  public struct Completion: Sendable, Hashable {
    /// The status that the request ended with.
    public let status: NTStatus
    /// Bytes moved, or what else the driver says.
    public let information: Int
  }

  /// Closes the handle: the driver gets IRP_MJ_CLEANUP and, when no request is left, IRP_MJ_CLOSE.
  public func close() throws(KernelError) {
    guard isOpen.pointee == 1 else { return }
    isOpen.pointee = 0
    let machine = process.kernel.machine
    do {
      _ = try machine.inside(process.process) {
        machine.objects.closeHandle(handle, in: process.process)
      }
    } catch {
      throw process.kernel.halted()
    }
  }

  /// Reads into a range of user memory.
  ///
  /// - Parameters:
  ///   - address: a user address; any value may be tried.
  ///   - count: bytes to read at most.
  ///   - offset: place on the device.
  /// - Returns: the answer, whatever its status.
  public func read(at address: UInt, count: Int, offset: Int64 = 0) throws(KernelError)
    -> Completion
  {
    try transfer(UInt8(IRP_MJ_READ), address, count, offset)
  }

  /// Writes from a range of user memory.
  public func write(at address: UInt, count: Int, offset: Int64 = 0) throws(KernelError)
    -> Completion
  {
    try transfer(UInt8(IRP_MJ_WRITE), address, count, offset)
  }

  private func transfer(_ function: UInt8, _ address: UInt, _ count: Int, _ offset: Int64)
    throws(KernelError) -> Completion
  {
    var call = call(function)
    call.input = address
    call.inputCount = count
    call.offset = offset
    return try perform(&call, transferEntry)
  }

  /// Sends a control request with buffers in user memory.
  public func deviceControl(
    _ code: IoControlCode, inputAt input: UInt, inputCount: Int, outputAt output: UInt,
    outputCount: Int
  ) throws(KernelError) -> Completion {
    var call = call(UInt8(IRP_MJ_DEVICE_CONTROL))
    call.code = code.bits
    call.input = input
    call.inputCount = inputCount
    call.output = output
    call.outputCount = outputCount
    return try perform(&call, controlEntry)
  }

  func call(_ function: UInt8) -> RequestCall {
    RequestCall(
      machine: process.kernel.machine, process: process.process, handle: handle,
      majorFunction: function)
  }

  func perform(
    _ call: inout RequestCall,
    _ entry: @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) throws(KernelError) -> Completion {
    do {
      try withUnsafeMutablePointer(to: &call) { (call) throws(MachineHalted) in
        _ = try process.kernel.machine.enter(process.process, UnsafeMutableRawPointer(call), entry)
      }
    } catch {
      throw process.kernel.halted()
    }
    return Completion(call)
  }
}
