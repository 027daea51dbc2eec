import CDriverKit
import CRing3
import Machine
import Objects

extension Machine {
  /// The process of an identifier, unless it has ended.
  fileprivate func process(identifier: UInt) -> Process? {
    var found: Process?
    forEachProcess { process in
      if process.pointer.pointee.identifier == identifier,
        process.pointer.pointee.isEnding == 0
      {
        found = process
      }
    }
    return found
  }

  fileprivate func thread(identifier: UInt) -> Thread? {
    state.pointee.threads.lock.lock()
    var next = state.pointee.threads.first
    while let thread = next, thread.pointee.identifier != identifier { next = thread.pointee.next }
    state.pointee.threads.lock.unlock()
    guard let next, !Thread(next).isEnded else { return nil }
    return Thread(next)
  }
}

@c(r3_PsLookupProcessByProcessId)
func psLookupProcessByProcessId(
  _ identifier: UInt, _ process: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> UInt32 {
  guard let found = Machine.current.process(identifier: identifier) else {
    return ServiceStatus.invalidParameter
  }
  let body = UnsafeMutableRawPointer(found.pointer)
  Machine.current.objects.reference(body)
  process.pointee = body
  return ServiceStatus.success
}

@c(r3_PsLookupThreadByThreadId)
func psLookupThreadByThreadId(
  _ identifier: UInt, _ thread: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> UInt32 {
  guard let found = Machine.current.thread(identifier: identifier) else {
    return ServiceStatus.invalidParameter
  }
  let body = UnsafeMutableRawPointer(found.pointer)
  Machine.current.objects.reference(body)
  thread.pointee = body
  return ServiceStatus.success
}

/// The first 15 characters of the program's name, and a 0.
@c(r3_PsGetProcessImageFileName)
func psGetProcessImageFileName(_ process: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  MemoryLayout<ProcessState>.offset(of: \.name).map { process + $0 }
}

@c(r3_ZwOpenProcess)
func zwOpenProcess(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, _ client: UnsafePointer<CLIENT_ID>?
) -> UInt32 {
  guard let client else { return ServiceStatus.invalidParameter }
  let identifier = UInt(bitPattern: client.pointee.UniqueProcess)
  guard let process = Machine.current.process(identifier: identifier) else {
    return 0xC000_000B  // STATUS_INVALID_CID
  }
  let value = Machine.current.objects.openHandle(
    to: UnsafeMutableRawPointer(process.pointer), access: access,
    attributes: attributes?.pointee.Attributes ?? 0)
  guard let value else { return ServiceStatus.insufficientResources }
  handle.pointee = value
  return ServiceStatus.success
}

// MARK: System threads

@c(r3_PsCreateSystemThread)
func psCreateSystemThread(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, _ processHandle: UInt,
  _ client: UnsafeMutablePointer<CLIENT_ID>?, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?
) -> UInt32 {
  guard let routine else { return ServiceStatus.invalidParameter }
  let machine = Machine.current
  var process = machine.systemProcess
  if processHandle != 0 {
    var body: UnsafeMutableRawPointer?
    var granted: HandleEntry?
    let status = machine.objects.reference(
      handle: processHandle, access: 0, type: machine.objects.type(.process), mode: 0,
      into: &body, granted: &granted)
    guard status == ServiceStatus.success, let body, let named = Process(body) else {
      return status
    }
    // Processes live as long as the machine.
    process = named
    machine.objects.dereference(body)
  }
  guard let thread = try? machine.startSystemThread(routine, context, in: process) else {
    return ServiceStatus.insufficientResources
  }
  client?.pointee.UniqueProcess = UnsafeMutableRawPointer(
    bitPattern: process.pointer.pointee.identifier)
  client?.pointee.UniqueThread = UnsafeMutableRawPointer(
    bitPattern: thread.pointer.pointee.identifier)
  let value = machine.objects.openHandle(
    to: UnsafeMutableRawPointer(thread.pointer), access: access,
    attributes: attributes?.pointee.Attributes ?? 0)
  guard let value else { return ServiceStatus.insufficientResources }
  handle.pointee = value
  return ServiceStatus.success
}
