import CRing3
import Machine
import Memory
import Objects

/// The body of a token object: whose rights a process has.
///
/// It never changes: an administrator's privileges are in force from the start, and nobody
/// impersonates anybody.
struct TokenBody {
  let identity: Identity
  /// Identifier of the process; it serves as the token's own too.
  let process: UInt
}

extension Machine {
  /// The primary token of a process, made when it is first asked for, with a reference for the caller.
  ///
  /// The process keeps its own reference as long as the machine lives.
  func referencedToken(of process: Process) -> UnsafeMutableRawPointer? {
    let slot =
      UnsafeMutableRawPointer(process.pointer) + MemoryLayout<ProcessState>.offset(of: \.token)!
    if r3_load64(slot) == 0 {
      let made = CurrentThread.makingForSystem {
        objects.create(.token, byteCount: MemoryLayout<TokenBody>.size)
      }
      guard let body = made else { return nil }
      body.initializeMemory(
        as: TokenBody.self,
        to: TokenBody(
          identity: Identity(of: process), process: process.pointer.pointee.identifier))
      if !r3_cas64(slot, 0, UInt64(UInt(bitPattern: body))) { objects.dereference(body) }
    }
    guard let token = process.pointer.pointee.token else { return nil }
    objects.reference(token)
    return token
  }

  /// The body behind a driver's pointer to a token; a wild pointer is a bug check.
  func token(_ address: UnsafeMutableRawPointer) -> TokenBody {
    guard objects.isObject(address, .token) else {
      bugCheck(0x18, 0, UInt64(UInt(bitPattern: address)), 1, 0)
    }
    return address.load(as: TokenBody.self)
  }
}
