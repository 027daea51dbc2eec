import CRing3
import IOManager
import Machine

/// The port that a simulated USB device sits on: by it the device speaks up.
///
/// May be used from any thread, for as long as the machine lives, with no lock held that the device's
/// own routines take: what waits for the device may run before the call returns.
public final class USBPort: @unchecked Sendable {
  private let machine: Machine
  private let state: UnsafeMutablePointer<UsbState>

  init(machine: Machine, state: UnsafeMutablePointer<UsbState>) {
    self.machine = machine
    self.state = state
  }

  /// An endpoint that answered ``USBReply/notReady`` can go on: its transfer is tried again.
  ///
  /// - Parameter endpoint: its address; 0 for control requests.
  public func ready(endpoint: UInt8) {
    inKernel { [state] in
      state.withLock { state.endpoint(endpoint).pointee.needsService = true }
      DPC.insert(state.dpc)
    }
  }

  /// The device falls off the bus: its transfers fail, and the Plug and Play manager removes it.
  public func disconnect() {
    inKernel { [machine, state] in machine.plugAndPlay.disconnect(state, andRemove: true) }
  }

  /// The device drops off the bus and comes back, as one does that starts other firmware.
  ///
  /// It is a new device then, on a new port, with the drivers that it has now.
  public func reconnect() {
    inKernel { [machine, state] in machine.plugAndPlay.reconnect(state) }
  }

  /// The device signals that it wants to wake the machine or itself.
  ///
  /// - Returns: whether a driver was waiting for that.
  @discardableResult
  public func wake() -> Bool {
    inKernel { [machine, state] in machine.plugAndPlay.signalWake(ofUsb: state) } ?? false
  }

  @discardableResult
  private func inKernel<R>(_ body: () -> R) -> R? {
    if let thread = r3_current(), thread.pointee.hostStack != 0,
      thread.pointee.machine == UnsafeMutableRawPointer(machine.state)
    {
      return body()
    }
    // A machine that has ended has no ports.
    return try? machine.inside(machine.systemProcess, body)
  }
}
