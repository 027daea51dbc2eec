import CDriverKit
import CRing3
import Hardware
import Machine

/// A WDFCOMMONBUFFER: memory that a device and its driver share.
package struct CommonBufferBody {
  var head: ObjectHead
  let enabler: UnsafeMutablePointer<DmaEnablerBody>
  /// Bytes that the driver asked for.
  let byteCount: Int
  /// What the adapter gave; nil when it was given back.
  var memory: CommonMemory?
  /// What the driver sees, aligned.
  var address: UInt64 = 0
  var logical: UInt64 = 0
}

/// Adjacent memory of an adapter.
struct CommonMemory {
  let address: UnsafeMutableRawPointer
  let logical: UInt64
  let byteCount: Int
}

extension Framework {
  static let commonBufferClass = ObjectClass(
    dispose: { address in
      let buffer = address.assumingMemoryBound(to: CommonBufferBody.self)
      if CurrentThread.irql > IRQL.passive {
        Framework.current.violation(
          .irqlMismatch, buffer.pointee.head.handle, UInt64(CurrentThread.irql))
      }
      buffer.freeMemory()
    },
    destroy: { $0.assumingMemoryBound(to: CommonBufferBody.self).freeMemory() })

  fileprivate func commonBuffer(_ handle: UInt64) -> UnsafeMutablePointer<CommonBufferBody> {
    body(handle, .commonBuffer, as: CommonBufferBody.self)
  }
}

@c(r3_WdfCommonBufferCreate)
package func wdfCommonBufferCreate(
  _ globals: UnsafeMutableRawPointer, _ enabler: UInt64, _ byteCount: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let enabler = framework.dmaEnabler(enabler)
  return framework.makeCommonBuffer(
    globals, enabler, byteCount, alignment: enabler.pointee.alignment, given, result)
}

@c(r3_WdfCommonBufferCreateWithConfig)
package func wdfCommonBufferCreateWithConfig(
  _ globals: UnsafeMutableRawPointer, _ enabler: UInt64, _ byteCount: UInt64,
  _ config: UnsafePointer<WDF_COMMON_BUFFER_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let enabler = framework.dmaEnabler(enabler)
  let config = framework.require(config).pointee
  guard Int(config.Size) == MemoryLayout<WDF_COMMON_BUFFER_CONFIG>.size else {
    return FrameworkStatus.infoLengthMismatch
  }
  return framework.makeCommonBuffer(
    globals, enabler, byteCount, alignment: config.AlignmentRequirement, given, result)
}

extension Framework {
  /// Makes a common buffer; `alignment` is the boundary less one.
  fileprivate func makeCommonBuffer(
    _ globals: UnsafeMutableRawPointer, _ enabler: UnsafeMutablePointer<DmaEnablerBody>,
    _ byteCount: UInt64, alignment: UInt32, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
    _ result: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let result = require(result)
    result.pointee = 0
    guard isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
    guard byteCount > 0 else { return FrameworkStatus.invalidParameter }
    var attributes = ObjectAttributes()
    let status = self.attributes(given, .parentForbidden, into: &attributes)
    if status < 0 { return status }
    guard let memory = takeCommonMemory(enabler, byteCount, alignment) else {
      return FrameworkStatus.insufficientResources
    }
    let head = ObjectHead(kind: .commonBuffer, globals: DriverGlobals.of(globals))
    var body = CommonBufferBody(
      head: head, enabler: enabler, byteCount: Int(byteCount), memory: memory)
    let mask = UInt64(alignment)
    body.logical = (memory.logical + mask) & ~mask
    body.address = bits(memory.address) + (body.logical - memory.logical)
    guard let buffer = make(body, attributes) else {
      enabler.free(memory)
      return FrameworkStatus.insufficientResources
    }
    return publish(FrameworkObject(buffer), attributes, default: enabler.object, result)
  }

  /// Memory begins at a page; a greater boundary needs room for it.
  private func takeCommonMemory(
    _ enabler: UnsafeMutablePointer<DmaEnablerBody>, _ byteCount: UInt64, _ alignment: UInt32
  ) -> CommonMemory? {
    let room = alignment < 4096 ? 0 : UInt64(alignment)
    guard byteCount <= UInt64(UInt32.max) - room else { return nil }
    let count = Int(byteCount + room)
    guard let memory = enabler.pointee.reads.adapter.allocateCommonBuffer(count) else { return nil }
    return CommonMemory(address: memory.address, logical: memory.logical, byteCount: count)
  }
}

extension UnsafeMutablePointer where Pointee == DmaEnablerBody {
  fileprivate func free(_ memory: CommonMemory) {
    pointee.reads.adapter.freeCommonBuffer(
      memory.address, logical: memory.logical, memory.byteCount)
  }
}

extension UnsafeMutablePointer where Pointee == CommonBufferBody {
  fileprivate func freeMemory() {
    guard let memory = pointee.memory else { return }
    pointee.memory = nil
    pointee.enabler.free(memory)
  }
}

@c(r3_WdfCommonBufferGetAlignedVirtualAddress)
package func wdfCommonBufferGetAlignedVirtualAddress(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> UInt64
{
  Framework.current.commonBuffer(handle).pointee.address
}

@c(r3_WdfCommonBufferGetAlignedLogicalAddress)
package func wdfCommonBufferGetAlignedLogicalAddress(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> UInt64
{
  Framework.current.commonBuffer(handle).pointee.logical
}

@c(r3_WdfCommonBufferGetLength)
package func wdfCommonBufferGetLength(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  UInt64(Framework.current.commonBuffer(handle).pointee.byteCount)
}
