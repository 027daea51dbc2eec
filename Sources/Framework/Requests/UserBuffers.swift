import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import NTTypes

// Addresses of the requester: neither I/O, in EvtIoInCallerContext.
extension Framework {
  /// Gives the requester's address and length, both unchecked.
  fileprivate func retrieveUnsafe(
    _ side: BufferSide, of handle: UInt64, atLeast minimum: UInt64,
    _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ byteCount: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let request = request(handle)
    let result = require(result)
    result.pointee = nil
    byteCount?.pointee = 0
    guard isLevel(atMost: IRQL.passive), !request.pointee.state.contains(.completed) else {
      return FrameworkStatus.invalidDeviceRequest
    }
    if verifies, !request.pointee.state.contains(.inCallerContext) {
      return refuse(
        request, FrameworkStatus.invalidDeviceRequest, rule: "WdfRequestNotInCallerContext")
    }
    var count: UInt32 = 0
    var address: UnsafeMutableRawPointer?
    guard findUser(side, of: request, &address, &count) else {
      return FrameworkStatus.invalidDeviceRequest
    }
    guard count > 0, UInt64(count) >= minimum else { return FrameworkStatus.bufferTooSmall }
    result.pointee = address
    byteCount?.pointee = UInt64(count)
    return FrameworkStatus.success
  }

  private func findUser(
    _ side: BufferSide, of request: UnsafeMutablePointer<RequestBody>,
    _ address: inout UnsafeMutableRawPointer?, _ count: inout UInt32
  ) -> Bool {
    let location = request.location
    let irp = request.packet
    let method = UInt32(DO_BUFFERED_IO | DO_DIRECT_IO)
    let isNeither = location.pointee.DeviceObject.pointee.Flags & method == 0
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ where side == .output && isNeither:
      count = location.pointee.Parameters.Read.Length
      address = irp.pointee.UserBuffer
    case IRP_MJ_WRITE where side == .input && isNeither:
      count = location.pointee.Parameters.Write.Length
      address = irp.pointee.UserBuffer
    case IRP_MJ_DEVICE_CONTROL
    where Int32(location.pointee.Parameters.DeviceIoControl.IoControlCode & 3) == METHOD_NEITHER:
      if side == .input {
        count = location.pointee.Parameters.DeviceIoControl.InputBufferLength
        address = location.pointee.Parameters.DeviceIoControl.Type3InputBuffer
      } else {
        count = location.pointee.Parameters.DeviceIoControl.OutputBufferLength
        address = irp.pointee.UserBuffer
      }
    default: return false
    }
    return true
  }

  /// Probes and locks pages of the requester, and makes a memory object of them.
  fileprivate func lockUser(
    _ handle: UInt64, _ address: UnsafeMutableRawPointer?, _ count: UInt64, forWriting: Bool,
    _ result: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let request = request(handle)
    let address = require(address)
    let result = require(result)
    result.pointee = 0
    guard isLevel(atMost: IRQL.passive), let irp = request.pointee.irp else {
      return FrameworkStatus.invalidDeviceRequest
    }
    guard count > 0, count <= UInt64(UInt32.max) else { return FrameworkStatus.invalidUserBuffer }
    // The address means something in the requester's process only.
    guard let thread = machine.io.thread(of: irp), thread.process == CurrentThread.process else {
      return FrameworkStatus.accessViolation
    }
    var mdl: Mdl?
    do throws(NTStatus) {
      mdl = try machine.lockedMdl(
        thread.process, UInt(bitPattern: address), Int(count), forWriting: forWriting)
    } catch {
      return Int32(bitPattern: error.bits)
    }
    guard let mdl else { return FrameworkStatus.insufficientResources }
    return makeLocked(mdl, Int(count), request, isReadOnly: !forWriting, result)
  }

  private func makeLocked(
    _ mdl: Mdl, _ count: Int, _ request: UnsafeMutablePointer<RequestBody>, isReadOnly: Bool,
    _ result: UnsafeMutablePointer<UInt64>
  ) -> Int32 {
    var head = ObjectHead(kind: .memory, globals: request.pointee.head.globals)
    head.flags = [.undeletable]
    var status = FrameworkStatus.insufficientResources
    if let system = mdl.systemAddress(),
      let memory = make(
        MemoryBody(head: head, buffer: system, byteCount: count, source: .lockedUserPages),
        ObjectAttributes())
    {
      memory.pointee.isReadOnly = isReadOnly
      memory.pointee.request = request.object.head
      status = attach(FrameworkObject(memory), to: request.object)
      if status >= 0 {
        memory.pointee.mdl = mdl.pointer
        result.pointee = memory.pointee.head.handle
        return status
      }
      discard(FrameworkObject(memory))
    }
    mdl.unlock()
    machine.freeMdl(mdl)
    return status
  }

  /// Unlocks what was locked for a request, before its requester knows that it has ended.
  func unlockPages(of request: UnsafeMutablePointer<RequestBody>) {
    var next = request.pointee.head.firstChild
    while let child = next {
      next = child.pointee.nextSibling
      guard child.pointee.kind == .memory else { continue }
      let memory = FrameworkObject(child).body(as: MemoryBody.self)
      guard memory.pointee.source == .lockedUserPages, let mdl = Mdl(memory.pointee.mdl) else {
        continue
      }
      memory.pointee.mdl = nil
      memory.pointee.buffer = nil
      mdl.unlock()
      machine.freeMdl(mdl)
    }
  }
}

@c(r3_WdfRequestRetrieveUnsafeUserInputBuffer)
package func wdfRequestRetrieveUnsafeUserInputBuffer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ minimum: UInt64,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.retrieveUnsafe(.input, of: handle, atLeast: minimum, result, byteCount)
}

@c(r3_WdfRequestRetrieveUnsafeUserOutputBuffer)
package func wdfRequestRetrieveUnsafeUserOutputBuffer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ minimum: UInt64,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.retrieveUnsafe(.output, of: handle, atLeast: minimum, result, byteCount)
}

@c(r3_WdfRequestProbeAndLockUserBufferForRead)
package func wdfRequestProbeAndLockUserBufferForRead(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ address: UnsafeMutableRawPointer?,
  _ count: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.lockUser(handle, address, count, forWriting: false, result)
}

@c(r3_WdfRequestProbeAndLockUserBufferForWrite)
package func wdfRequestProbeAndLockUserBufferForWrite(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ address: UnsafeMutableRawPointer?,
  _ count: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  Framework.current.lockUser(handle, address, count, forWriting: true, result)
}
