import CDriverKit
import Framework

/// What hangs on a WDFDMATRANSACTION, whatever it moves.
class DMAProgram: @unchecked Sendable {
  func run(_: Handle, _: UnsafePointer<SCATTER_GATHER_LIST>, _: DMADirection) {}
}

/// The driver's program of a transaction, and what it moves.
///
/// Who has a value of a state of the transaction may use `payload`: there is one such value at a time.
final class DMABox<Payload: DMAPayload & ~Copyable>: DMAProgram, @unchecked Sendable {
  private let program: DMATransaction<Payload>.Program
  private var payload: Payload?

  init(_ program: @escaping DMATransaction<Payload>.Program) { self.program = program }

  override func run(
    _ handle: Handle, _ list: UnsafePointer<SCATTER_GATHER_LIST>, _ direction: DMADirection
  ) {
    program(DMATransfer(handle, list, direction))
  }

  static func put(_ payload: consuming Payload, in handle: Handle) {
    Attachment.of(handle.bits, as: Self.self).takeUnretainedValue().payload = consume payload
  }

  static func take(from handle: Handle) -> Payload {
    let box = Attachment.of(handle.bits, as: Self.self).takeUnretainedValue()
    guard let payload = box.payload.take() else {
      preconditionFailure("A transaction that is not idle has its payload.")
    }
    return payload
  }
}

/// EvtProgramDma.
let programDmaEntry: @convention(c) (UInt64, UInt64, UInt64, UInt64, UnsafeRawPointer) -> UInt64 = {
  transaction, _, _, direction, list in
  let globals = Framework.current.globals(of: transaction)
  // The framework holds the object while this runs, and the object holds its box.
  Attachment.of(transaction, as: DMAProgram.self)._withUnsafeGuaranteedRef { box in
    box.run(
      Handle(globals: globals, bits: transaction),
      list.assumingMemoryBound(to: SCATTER_GATHER_LIST.self),
      direction & 1 == 0 ? .readFromDevice : .writeToDevice)
  }
  return 1
}
