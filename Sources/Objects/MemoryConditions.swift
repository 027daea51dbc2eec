import CDriverKit
import Machine
import Memory

// The events in `\KernelObjects` by which drivers learn how much memory there is.

/// The events of one machine, by condition; they live as long as it.
struct MemoryConditionEvents {
  /// In the order of ``paths``.
  var events: InlineArray<6, UnsafeMutablePointer<KEVENT>?> = .init(repeating: nil)

  static var paths: [6 of StaticString] {
    [
      "\\KernelObjects\\LowNonPagedPoolCondition", "\\KernelObjects\\HighNonPagedPoolCondition",
      "\\KernelObjects\\LowPagedPoolCondition", "\\KernelObjects\\HighPagedPoolCondition",
      "\\KernelObjects\\LowMemoryCondition", "\\KernelObjects\\HighMemoryCondition",
    ]
  }

  /// Whether an event is set while `conditions` hold.
  ///
  /// The RAM of the pools is theirs alone, so memory is low when one of them is.
  static func isSet(_ index: Int, _ conditions: PoolCondition) -> Bool {
    switch index {
    case 0: conditions.contains(.lowNonpaged)
    case 1: conditions.contains(.highNonpaged)
    case 2: conditions.contains(.lowPaged)
    case 3: conditions.contains(.highPaged)
    case 4: !conditions.isDisjoint(with: [.lowNonpaged, .lowPaged])
    default: conditions.isSuperset(of: [.highNonpaged, .highPaged])
    }
  }
}

extension ObjectManager {
  /// Makes the events, which are permanent, and has the pool keep them true.
  func makeMemoryConditions() {
    for index in 0..<MemoryConditionEvents.paths.count {
      guard let body = create(.event, byteCount: MemoryLayout<KEVENT>.size) else { return }
      let event = body.assumingMemoryBound(to: KEVENT.self)
      Event(event).initialize(.notification, isSet: false)
      header(of: body).pointee.flags |= ObjectFlags.permanent
      withUTF16(MemoryConditionEvents.paths[index]) { _ = insert(body, at: $0) }
      state.pointee.memoryConditions.events[index] = event
    }
    machine.pool.observeConditions(memoryConditionsChanged)
  }
}

/// Called in the thread that made the change, with no lock held.
private let memoryConditionsChanged: @convention(c) (UnsafeMutableRawPointer, UInt32) -> Void = {
  state, conditions in
  let machine = Machine(state: state.assumingMemoryBound(to: MachineState.self))
  let conditions = PoolCondition(rawValue: conditions)
  for index in 0..<MemoryConditionEvents.paths.count {
    guard let event = machine.objects.state.pointee.memoryConditions.events[index] else {
      continue
    }
    if MemoryConditionEvents.isSet(index, conditions) {
      Event(event).set(in: machine)
    } else {
      Event(event).reset(in: machine)
    }
  }
}
