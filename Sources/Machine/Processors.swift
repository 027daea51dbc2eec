import CRing3
import Glibc

/// The simulated processors.
///
/// A thread has a home processor; at DISPATCH_LEVEL it has it alone.
package struct Processors {
  package let count: Int
  /// One cache line a processor.
  package let states: UnsafeMutablePointer<ProcessorState>

  init(count: Int) {
    self.count = min(max(count, 1), 64)
    states = .allocate(capacity: self.count)
    for number in 0..<self.count {
      (states + number).initialize(to: ProcessorState(number: UInt8(number)))
    }
  }

  func destroy() { states.deallocate() }

  func assign(_ block: UnsafeMutablePointer<R3Thread>, number: Int) {
    let processor = states + number % count
    block.pointee.processor = UnsafeMutableRawPointer(processor)
    block.pointee.processorNumber = processor.pointee.number
  }
}

/// One processor.
package struct ProcessorState {
  package let number: UInt8
  /// The thread block that is at DISPATCH_LEVEL or above here; 0 when none is.
  package var owner: UInt64 = 0
  /// The queue of DPCs and its lock, kept by the dispatcher.
  package var dpcLock = MachineLock()
  package var dpcHead: UnsafeMutableRawPointer?
  package var dpcTail: UnsafeMutableRawPointer?
  package var dpcCount: UInt32 = 0
  package var dpcRunning: UInt32 = 0
  package var padding: InlineArray<2, UInt64> = .init(repeating: 0)
}
