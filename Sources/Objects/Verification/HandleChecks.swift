import CDriverKit
import CRing3
import Machine
import NTTypes

// Handles, and what is given to services, in a verified machine: the class `securityChecks`.

@c(r3_verified_ObReferenceObjectByHandle)
func verifiedObReferenceObjectByHandle(
  _ handle: UInt, _ access: UInt32, _ type: UnsafeMutableRawPointer?, _ mode: UInt32,
  _ object: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
  _ information: UnsafeMutablePointer<OBJECT_HANDLE_INFORMATION>?
) -> UInt32 {
  let objects = Machine.current.objects
  if objects.machine.verifier.contains(.securityChecks) {
    objects.check(handle, type, isKernel: mode & 0xFF == 0)
  }
  return obReferenceObjectByHandle(handle, access, type, mode, object, information)
}

extension ObjectManager {
  /// A handle that is used without a check of rights has to be the kernel's own; one of a program is
  /// used in the program's process.
  fileprivate func check(
    _ handle: HandleValue, _ type: UnsafeMutableRawPointer?, isKernel: Bool
  ) {
    let kind = UInt64(UInt(bitPattern: type))
    if handle == 0 {
      machine.report(0xC4, 0xF5, 0, kind)
      return
    }
    // -1 and -2, which stand for the process and the thread.
    if handle >= .max - 1 { return }
    let process = CurrentThread.process
    let isKernels = handle & Self.kernelHandleBits == Self.kernelHandleBits
    guard isKernel else {
      if isKernels, process == machine.systemProcess {
        machine.report(0xC4, 0xF7, UInt64(handle), kind, 1)
      }
      return
    }
    if entry(handle, in: process)?.body == nil {
      machine.report(0xC4, 0x3C, UInt64(handle), kind)
    } else if !isKernels, process != machine.systemProcess {
      machine.report(0xC4, 0xF6, UInt64(handle), UInt64(UInt(bitPattern: process.pointer)))
    }
  }

  /// The name of an object that a driver gives to a service.
  package func checkName(_ attributes: UnsafePointer<OBJECT_ATTRIBUTES>) {
    guard machine.verifier.contains(.securityChecks) else { return }
    if refusesUserAddress(attributes) { return }
    guard let text = attributes.pointee.ObjectName, !refusesUserAddress(text) else { return }
    let buffer = text.pointee.Buffer
    if let buffer, refusesUserAddress(buffer) { return }
    let length = text.pointee.Length
    if length & 1 != 0 || text.pointee.MaximumLength < length || length > 0 && buffer == nil {
      machine.report(0xC4, 0xE4, 0, UInt64(UInt(bitPattern: text)))
    }
  }

  private func refusesUserAddress(_ address: UnsafeRawPointer) -> Bool {
    guard UInt(bitPattern: address) < UserRange.end else { return false }
    machine.report(0xC4, 0xE3, 0, UInt64(UInt(bitPattern: address)))
    return true
  }
}
