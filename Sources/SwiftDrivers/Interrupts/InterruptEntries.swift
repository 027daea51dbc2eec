import CDriverKit
import Framework
import NTTypes

// What the framework calls for an interrupt.

@inline(__always)
private func handle<R>(_ bits: UInt64, _ body: (InterruptHandlers, InterruptObject) -> R) -> R {
  let globals = Framework.current.globals(of: bits)
  return Attachment.of(bits, as: InterruptBox.self)._withUnsafeGuaranteedRef { box in
    body(box.handlers, InterruptObject(handle: Handle(globals: globals, bits: bits)))
  }
}

/// EvtInterruptIsr, at the level of the interrupt.
let interruptServiceEntry: @convention(c) (UInt64, UInt64) -> UInt64 = { interrupt, message in
  handle(interrupt) { handlers, object in
    let number = Int(UInt32(truncatingIfNeeded: message))
    switch handlers.service.unsafelyUnwrapped(object, number) {
    case .notMine: return 0
    case .handled: return 1
    case .deferred:
      _ = wdfInterruptQueueDpcForIsr(object.handle.globals, interrupt)
      return 1
    }
  }
}

/// EvtInterruptDpc, at DISPATCH_LEVEL.
let interruptDeferredEntry: @convention(c) (UInt64, UInt64) -> Void = { interrupt, _ in
  handle(interrupt) { $0.deferred.unsafelyUnwrapped($1) }
}

/// EvtInterruptWorkItem, at PASSIVE_LEVEL.
let interruptDeferredPassiveEntry: @convention(c) (UInt64, UInt64) -> Void = { interrupt, _ in
  handle(interrupt) { $0.deferredPassive.unsafelyUnwrapped($1) }
}

/// EvtInterruptEnable, under the interrupt's lock.
let interruptEnableEntry: @convention(c) (UInt64, UInt64) -> Int32 = { interrupt, _ in
  handle(interrupt) { handlers, object in status { try handlers.enable.unsafelyUnwrapped(object) } }
}

/// EvtInterruptDisable, under the interrupt's lock.
let interruptDisableEntry: @convention(c) (UInt64, UInt64) -> Int32 = { interrupt, _ in
  handle(interrupt) { handlers, object in
    status { try handlers.disable.unsafelyUnwrapped(object) }
  }
}

private func status(of body: () throws -> Void) -> Int32 {
  do {
    try body()
    return 0
  } catch {
    return NTStatus(reporting: error).code
  }
}
