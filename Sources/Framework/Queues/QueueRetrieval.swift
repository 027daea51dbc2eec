import CDriverKit
import CRing3
import IOManager
import Machine

// Drivers that fetch requests themselves.
extension Framework {
  /// What WdfIoQueueRetrieveNextRequest and its kin do.
  ///
  /// - Parameters:
  ///   - file: takes only requests of this file.
  ///   - found: takes only this request.
  fileprivate func retrieve(
    _ queue: UnsafeMutablePointer<QueueBody>, file: FilePointer? = nil,
    found: UnsafeMutablePointer<RequestBody>? = nil, _ result: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    let result = require(result)
    result.pointee = 0
    guard queue.pointee.isManual || queue.pointee.config.DispatchType.rawValue == 1 else {
      return FrameworkStatus.invalidDeviceState
    }
    if found != nil, !queue.pointee.isManual { return FrameworkStatus.invalidDeviceRequest }
    queue.lock.pointee.lock()
    while queue.pointee.power != .off, queue.pointee.state.contains(.dispatches) {
      var status: Int32 = 0
      guard let request = takeMatching(queue, file, found, &status) else {
        queue.lock.pointee.unlock()
        return status
      }
      queue.addPresented(request)
      request.pointee.state.insert(.driverOwned)
      if isFinishedAtOnce(request, queue) {
        queue.pointee.activeCount += 1
        queue.lock.pointee.unlock()
        complete(request, FrameworkStatus.success)
        queue.lock.pointee.lock()
        queue.pointee.activeCount -= 1
        continue
      }
      request.pointee.state.insert(.wasPresented)
      queue.lock.pointee.unlock()
      result.pointee = request.handle
      return FrameworkStatus.success
    }
    queue.lock.pointee.unlock()
    return FrameworkStatus.paused
  }

  /// Takes the request that is asked for out of the list; under the queue's lock.
  private func takeMatching(
    _ queue: UnsafeMutablePointer<QueueBody>, _ file: FilePointer?,
    _ found: UnsafeMutablePointer<RequestBody>?, _ status: inout Int32
  ) -> UnsafeMutablePointer<RequestBody>? {
    if let found {
      status = FrameworkStatus.notFound
      guard isWaiting(found, in: queue), machine.io.swapCancelRoutine(found.packet, nil) != nil
      else { return nil }
      queue.remove(found)
      return found
    }
    status = FrameworkStatus.noMoreEntries
    guard let file else {
      let request = takeWaiting(of: queue, from: queue.pointee.first)
      if request == nil { noteNothingFound(queue) }
      return request
    }
    return takeWaiting(of: queue, file: file)
  }

  /// The driver waits for the next notice now, whatever is in the list; under the queue's lock.
  private func noteNothingFound(_ queue: UnsafeMutablePointer<QueueBody>) {
    if queue.pointee.first != nil { queue.pointee.state.insert(.tellsOfNext) }
  }

  private func isWaiting(
    _ request: UnsafeMutablePointer<RequestBody>, in queue: UnsafeMutablePointer<QueueBody>
  ) -> Bool { request.pointee.state.contains(.queued) && request.pointee.queue == queue }

  /// The first waiting request behind `tag` that matches, with a reference for the driver.
  fileprivate func find(
    _ queue: UnsafeMutablePointer<QueueBody>, behind tag: UnsafeMutablePointer<RequestBody>?,
    file: FilePointer?, status: inout Int32
  ) -> UnsafeMutablePointer<RequestBody>? {
    queue.lock.pointee.lock()
    defer { queue.lock.pointee.unlock() }
    if let tag, !isWaiting(tag, in: queue) {
      status = FrameworkStatus.notFound
      return nil
    }
    var next = tag == nil ? queue.pointee.first : tag?.pointee.next
    while let request = next {
      next = request.pointee.next
      // Without a cancel routine it is being cancelled.
      guard request.packet.pointee.CancelRoutine != nil,
        file == nil || request.location.pointee.FileObject == file
      else { continue }
      request.object.reference()
      return request
    }
    status = FrameworkStatus.noMoreEntries
    if file == nil, tag == nil { noteNothingFound(queue) }
    return nil
  }
}

@c(r3_WdfIoQueueRetrieveNextRequest)
package func wdfIoQueueRetrieveNextRequest(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  return framework.retrieve(framework.queue(handle), result)
}

@c(r3_WdfIoQueueRetrieveRequestByFileObject)
package func wdfIoQueueRetrieveRequestByFileObject(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ fileHandle: UInt64,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let queue = framework.queue(handle)
  let file = framework.body(fileHandle, .fileObject, as: FileObjectBody.self)
  return framework.retrieve(queue, file: file.pointee.wdmFile, result)
}

@c(r3_WdfIoQueueRetrieveFoundRequest)
package func wdfIoQueueRetrieveFoundRequest(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ found: UInt64,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let queue = framework.queue(handle)
  return framework.retrieve(queue, found: framework.request(found), result)
}

@c(r3_WdfIoQueueFindRequest)
package func wdfIoQueueFindRequest(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ tag: UInt64, _ fileHandle: UInt64,
  _ parameters: UnsafeMutablePointer<WDF_REQUEST_PARAMETERS>?,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let queue = framework.queue(handle)
  let result = framework.require(result)
  result.pointee = 0
  let file = framework.optionalObject(fileHandle, .fileObject)?.body(as: FileObjectBody.self)
  let size = MemoryLayout<WDF_REQUEST_PARAMETERS>.size
  if let parameters, Int(parameters.pointee.Size) < size {
    return Int32(bitPattern: 0xC000_00F2)  // STATUS_INVALID_PARAMETER_4
  }
  guard queue.pointee.isManual else { return FrameworkStatus.invalidDeviceRequest }
  var status: Int32 = 0
  guard
    let request = framework.find(
      queue, behind: tag == 0 ? nil : framework.request(tag), file: file?.pointee.wdmFile,
      status: &status)
  else { return status }
  if let parameters { framework.copyParameters(of: request, to: parameters) }
  result.pointee = request.handle
  return FrameworkStatus.success
}
