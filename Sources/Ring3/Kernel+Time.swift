import Machine

extension Kernel {
  /// Moves the time on, of a kernel that was made with `Configuration.usesManualClock`.
  ///
  /// Timers that are due expire, and their DPCs run, before the call returns; what they leave to
  /// other threads may take longer. A kernel with the host's clock is not changed.
  ///
  /// - Parameter duration: in units of 100 ns; a negative one is none.
  public func advanceTime(by duration: Duration) throws(KernelError) {
    let (seconds, attoseconds) = duration.components
    let units = seconds * 10_000_000 + attoseconds / 100_000_000_000
    guard units > 0, machine.state.pointee.configuration.usesManualClock else { return }
    do {
      try machine.advanceTime(by: UInt64(units))
    } catch {
      throw halted()
    }
  }
}
