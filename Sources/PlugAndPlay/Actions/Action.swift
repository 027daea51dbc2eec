import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// Something that a driver asked for and that a worker thread does later, in plain memory.
struct Action {
  enum Kind: UInt8 {
    /// Ask a bus for its children again.
    case enumerate
    /// Ask a device for its state again.
    case checkState
    case eject
    /// Go on with devices that are gone, once their handles are closed.
    case finishRemovals
    /// Tell of an interface that has come or gone; `value` is its number, `payload` its news.
    case announceInterface
    /// Tell those who watch a device of something of its driver's own.
    case announceCustom
    /// Ask a device that registered with WMI what it has.
    case askProvider
    /// Send a device to a low state of power; `value` is the state.
    case powerDownIdle
    /// A USB device has fallen off its port.
    case unplug
    /// A driver has the port of its USB device cycled.
    case replug
    /// Tell who registered for a setting of its value.
    case announceSetting
  }

  let kind: Kind
  /// Referenced until the action is done.
  let device: DevicePointer?
  var value: UInt64 = 0
  /// Memory of the host, freed with the action.
  var payload: UnsafeMutableRawPointer?
  var next: UnsafeMutablePointer<Action>?

  init(
    _ kind: Kind, _ device: DevicePointer?, value: UInt64 = 0,
    payload: UnsafeMutableRawPointer? = nil
  ) {
    self.kind = kind
    self.device = device
    self.value = value
    self.payload = payload
  }
}

extension UnsafeMutablePointer where Pointee == Action {
  func destroy() {
    pointee.payload?.deallocate()
    deallocate()
  }
}

extension PlugAndPlay {
  /// Has an action done by a worker thread; at DISPATCH_LEVEL or below.
  func queue(_ action: Action) {
    let memory = UnsafeMutablePointer<Action>.allocate(capacity: 1)
    memory.initialize(to: action)
    if let device = action.device { machine.objects.reference(UnsafeMutableRawPointer(device)) }
    prepare()
    let needsWorker = locked {
      _ = Event(state.pointee.idle).reset()
      if let last = state.pointee.lastAction {
        last.pointee.next = memory
      } else {
        state.pointee.firstAction = memory
      }
      state.pointee.lastAction = memory
      state.pointee.actionCount += 1
      let needsWorker = !state.pointee.isWorking
      state.pointee.isWorking = true
      return needsWorker
    }
    if needsWorker { machine.workers.queue(doActions, nil) }
  }

  private func takeAction() -> UnsafeMutablePointer<Action>? {
    locked {
      guard let action = state.pointee.firstAction else {
        state.pointee.isWorking = false
        return nil
      }
      state.pointee.firstAction = action.pointee.next
      if action.pointee.next == nil { state.pointee.lastAction = nil }
      return action
    }
  }

  fileprivate func doAll() {
    io.prepareThread()
    while let action = takeAction() {
      perform(action.pointee)
      if let device = action.pointee.device {
        machine.objects.dereference(UnsafeMutableRawPointer(device))
      }
      action.destroy()
      // Under the lock, so that a wait that begins when another action is queued is for that one.
      locked {
        state.pointee.actionCount -= 1
        if state.pointee.actionCount == 0 { _ = Event(state.pointee.idle).set() }
      }
    }
  }

  private func perform(_ action: Action) {
    switch action.kind {
    case .announceSetting: announceSetting(action.value)
    case .announceInterface, .announceCustom, .askProvider, .powerDownIdle:
      withTree { performQuietly(action) }
    default:
      guard let device = action.device else { return }
      withTree {
        if let node = node(of: device) { perform(action.kind, node) }
      }
    }
  }

  /// What changes the tree.
  private func perform(_ kind: Action.Kind, _ node: NodePointer) {
    switch kind {
    case .enumerate: enumerate(node)
    case .checkState: checkState(node)
    case .eject: _ = eject(node)
    case .finishRemovals: finishAllRemovals()
    case .unplug:
      surpriseRemove(node, isGone: true)
      finishAllRemovals()
    case .replug: replug(node)
    default: break
    }
  }

  /// What leaves the tree as it is.
  private func performQuietly(_ action: Action) {
    switch action.kind {
    case .announceInterface:
      if let payload = action.payload {
        announceDeparture(payload)
      } else {
        announceInterface(number: action.value)
      }
    case .announceCustom: announceCustom(action)
    case .askProvider: if let device = action.device { askProvider(device) }
    case .powerDownIdle: powerDownIdle(action)
    default: break
    }
  }
}

private let doActions: Machine.ThreadRoutine = { _ in Machine.current.plugAndPlay.doAll() }

/// A file of a device is closed: a device that is gone may wait for that.
let fileClosed: @convention(c) (DevicePointer) -> Void = { device in
  let manager = Machine.current.plugAndPlay
  guard let node = manager.node(ofStack: device), node.pointee.state == .surpriseRemoved else {
    return
  }
  manager.queue(Action(.finishRemovals, node.pointee.device))
}

extension PlugAndPlay {
  /// The node of a device that a driver says is a physical device object.
  ///
  /// PNP_DETECTED_FATAL_ERROR when it is none.
  func requireNode(_ device: DevicePointer) -> NodePointer {
    guard let node = node(of: device) else { machine.bugCheck(0xCA, 2, bits(device), 0, 0) }
    return node
  }
}

/// `IoInvalidateDeviceRelations`, for drivers and for the layers above.
@c(r3_IoInvalidateDeviceRelations)
package func ioInvalidateDeviceRelations(_ device: DevicePointer, _ type: UInt32) {
  let manager = Machine.current.plugAndPlay
  _ = manager.requireNode(device)
  switch type {
  case BusRelations.rawValue, SingleBusRelations.rawValue:
    manager.queue(Action(.enumerate, device))
  default: break  // Ejection and power relations are asked for when they are needed.
  }
}

/// `IoInvalidateDeviceState`, for drivers and for the layers above.
@c(r3_IoInvalidateDeviceState)
package func ioInvalidateDeviceState(_ device: DevicePointer) {
  let manager = Machine.current.plugAndPlay
  // Of a device that does not work Windows asks nothing.
  if manager.requireNode(device).pointee.state == .started {
    manager.queue(Action(.checkState, device))
  }
}

/// `IoRequestDeviceEject`, for drivers and for the layers above.
@c(r3_IoRequestDeviceEject)
package func ioRequestDeviceEject(_ device: DevicePointer) {
  let manager = Machine.current.plugAndPlay
  _ = manager.requireNode(device)
  manager.queue(Action(.eject, device))
}
