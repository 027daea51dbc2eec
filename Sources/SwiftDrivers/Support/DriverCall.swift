import CRing3

/// Work of a driver that no callback of the framework stands for.
private struct DriverCall {
  let body: () -> Void
}

/// Runs `body` as a call of the driver: what stops there is the driver's mistake, and ends its kernel.
func callDriver(_ body: () -> Void) {
  withoutActuallyEscaping(body) { body in
    var call = DriverCall(body: body)
    withUnsafeMutablePointer(to: &call) { call in
      _ = r3_call1(DriverEntries.call.address, UInt64(UInt(bitPattern: call)))
    }
  }
}

let callEntry: @convention(c) (UnsafeMutableRawPointer) -> Void = { call in
  call.assumingMemoryBound(to: DriverCall.self).pointee.body()
}
