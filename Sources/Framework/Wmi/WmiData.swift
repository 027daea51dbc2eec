import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine

// Data of instances: queries, changes and methods.
extension Framework {
  /// Bytes of the fixed part of WNODE_ALL_DATA before the pairs of offset and length.
  private static var allDataHeader: Int { 60 }

  /// Asks an instance for its data, at most `capacity` bytes.
  ///
  /// - Returns: STATUS_BUFFER_TOO_SMALL with the bytes that it needs in `used`.
  private func query(
    _ instance: UnsafeMutablePointer<WmiInstanceBody>, _ capacity: Int,
    _ buffer: UnsafeMutableRawPointer, _ used: inout UInt32
  ) -> Int32 {
    if let byteCount = instance.pointee.contextByteCount {
      used = byteCount
      guard Int(byteCount) <= capacity else { return FrameworkStatus.bufferTooSmall }
      if let contexts = instance.pointee.head.contexts {
        memcpy(buffer, ContextBlock.bytes(of: contexts), Int(byteCount))
      }
      return 0
    }
    // A block that has only methods has no data.
    guard let routine = instance.pointee.query else { return 0 }
    // A driver always gets a buffer.
    var spare: UInt64 = 0
    let status = withUnsafeMutablePointer(to: &used) { used in
      withUnsafeMutablePointer(to: &spare) { spare in
        Int32(
          truncatingIfNeeded: r3_call4(
            routine, instance.object.handle, UInt64(max(capacity, 1)),
            capacity > 0 ? bits(buffer) : bits(spare), bits(used)))
      }
    }
    if status == FrameworkStatus.pending || status >= 0 && Int(used) > max(capacity, 1) {
      note("EvtWmiInstanceQueryInstance: STATUS_PENDING or more bytes than there is room for")
      used = 0
      return FrameworkStatus.unsuccessful
    }
    return status >= 0 && Int(used) > capacity ? FrameworkStatus.bufferTooSmall : status
  }

  private func canQuery(_ instance: UnsafeMutablePointer<WmiInstanceBody>) -> Bool {
    instance.pointee.contextByteCount != nil || instance.pointee.query != nil
      || instance.pointee.execute != nil
  }

  func querySingle(
    _ request: WmiRequest, _ provider: UnsafeMutablePointer<WmiProviderBody>,
    _ instance: UnsafeMutablePointer<WmiInstanceBody>
  ) -> Int32 {
    guard canQuery(instance) else {
      return complete(request.irp, FrameworkStatus.invalidDeviceRequest)
    }
    let offset = Int(request.field(56))
    let capacity = max(0, request.byteCount - offset)
    var used = provider.pointee.minimumByteCount
    guard capacity >= Int(used) else {
      return finish(request, FrameworkStatus.bufferTooSmall, end: offset + Int(used))
    }
    used = 0
    let status = query(instance, capacity, request.buffer + offset, &used)
    if status >= 0 { request.put(Int(used), at: 60) }
    return finish(request, status, end: offset + Int(used))
  }

  /// Asks all instances; what needs more room says how much for all.
  func queryAll(_ request: WmiRequest, _ provider: UnsafeMutablePointer<WmiProviderBody>) -> Int32 {
    let count = Int(provider.pointee.instanceCount)
    guard request.byteCount >= 64 else {
      return complete(request.irp, FrameworkStatus.unsuccessful)
    }
    guard count > 0 else { return complete(request.irp, FrameworkStatus.wmiInstanceNotFound) }
    let start = (Self.allDataHeader + count * 8 + 15) & ~15
    var isTooSmall = start > request.byteCount
    request.put(start, at: 48)
    request.put(count, at: 52)
    request.put(
      Int(request.field(44) & ~UInt32(WNODE_FLAG_FIXED_INSTANCE_SIZE)), at: 44)
    var offset = start
    for index in 0..<count {
      guard let instance = referencedInstance(request, provider, UInt32(index)) else { break }
      offset = (offset + 15) & ~15
      var used: UInt32 = 0
      var status: Int32 = 0
      if canQuery(instance) {
        let capacity = max(0, request.byteCount - offset)
        let place = request.buffer + min(offset, request.byteCount)
        status = query(instance, capacity, place, &used)
      }
      instance.object.release()
      if status == FrameworkStatus.bufferTooSmall { isTooSmall = true }
      guard status >= 0 || status == FrameworkStatus.bufferTooSmall else {
        return complete(request.irp, status)
      }
      if !isTooSmall {
        request.put(offset, at: Self.allDataHeader + index * 8)
        request.put(Int(used), at: Self.allDataHeader + 4 + index * 8)
      }
      offset += Int(used)
    }
    return finish(request, isTooSmall ? FrameworkStatus.bufferTooSmall : 0, end: offset)
  }

  private func referencedInstance(
    _ request: WmiRequest, _ provider: UnsafeMutablePointer<WmiProviderBody>, _ index: UInt32
  ) -> UnsafeMutablePointer<WmiInstanceBody>? {
    request.wmi.withLock {
      let instance = provider.instance(index)
      instance?.object.reference()
      return instance
    }
  }

  func change(
    _ request: WmiRequest, _ provider: UnsafeMutablePointer<WmiProviderBody>,
    _ instance: UnsafeMutablePointer<WmiInstanceBody>
  ) -> Int32 {
    guard let routine = instance.pointee.set else {
      return complete(request.irp, FrameworkStatus.wmiReadOnly)
    }
    let size = request.field(60)
    guard size >= provider.pointee.minimumByteCount else {
      return complete(request.irp, FrameworkStatus.wmiSetFailure)
    }
    let data = size == 0 ? 0 : bits(request.buffer + Int(request.field(56)))
    return finishChange(
      request,
      Int32(truncatingIfNeeded: r3_call3(routine, instance.object.handle, UInt64(size), data)))
  }

  func changeItem(_ request: WmiRequest, _ instance: UnsafeMutablePointer<WmiInstanceBody>)
    -> Int32
  {
    guard let routine = instance.pointee.setItem else {
      return complete(request.irp, FrameworkStatus.wmiReadOnly)
    }
    let size = request.field(64)
    let data = size == 0 ? 0 : bits(request.buffer + Int(request.field(60)))
    return finishChange(
      request,
      Int32(
        truncatingIfNeeded: r3_call4(
          routine, instance.object.handle, UInt64(request.field(56)), UInt64(size), data)))
  }

  private func finishChange(_ request: WmiRequest, _ status: Int32) -> Int32 {
    switch status {
    case FrameworkStatus.pending: complete(request.irp, FrameworkStatus.unsuccessful)
    case FrameworkStatus.bufferTooSmall: complete(request.irp, FrameworkStatus.wmiSetFailure)
    default: complete(request.irp, status)
    }
  }

  func execute(_ request: WmiRequest, _ instance: UnsafeMutablePointer<WmiInstanceBody>) -> Int32 {
    guard let routine = instance.pointee.execute else {
      return complete(request.irp, FrameworkStatus.invalidDeviceRequest)
    }
    let offset = Int(request.field(60))
    let input = request.field(64)
    let output = max(0, request.byteCount - offset)
    var used: UInt32 = 0
    var status = withUnsafeMutablePointer(to: &used) { used in
      let arguments: InlineArray<6, UInt64> = [
        instance.object.handle, UInt64(request.field(56)), UInt64(input), UInt64(output),
        input == 0 && output == 0 ? 0 : bits(request.buffer + offset), bits(used),
      ]
      return Int32(
        truncatingIfNeeded: r3_call6(
          routine, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
          arguments[5]))
    }
    if status == FrameworkStatus.pending { status = FrameworkStatus.unsuccessful }
    if status >= 0 { request.put(Int(used), at: 64) }
    return finish(request, status, end: offset + Int(used))
  }

  /// Ends a request that gives data: says where it ends, or how much room it would need.
  private func finish(_ request: WmiRequest, _ status: Int32, end: Int) -> Int32 {
    if status == FrameworkStatus.bufferTooSmall || status >= 0 && end > request.byteCount {
      request.put(56, at: 0)
      request.put(Int(WNODE_FLAG_TOO_SMALL), at: 44)
      request.put(end, at: 48)
      return complete(request.irp, 0, information: 56)
    }
    guard status >= 0 else { return complete(request.irp, status) }
    request.put(end, at: 0)
    request.buffer.storeBytes(of: machine.systemTime, toByteOffset: 16, as: UInt64.self)
    return complete(request.irp, status, information: UInt(end))
  }
}
