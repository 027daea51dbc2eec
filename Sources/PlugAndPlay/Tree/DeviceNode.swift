import CDriverKit
import IOManager
import Machine
import Memory
import Objects

package typealias NodePointer = UnsafeMutablePointer<DeviceNode>

/// A device in the tree: plain memory, changed under the tree lock.
package struct DeviceNode {
  /// Never given twice in a machine; 0 is the root.
  package var number: UInt64 = 0
  package var parent: NodePointer?
  package var firstChild: NodePointer?
  package var next: NodePointer?
  /// The physical device object, with a reference; nil for the root.
  package let device: DevicePointer?
  package var state = DeviceState.uninitialized
  /// Why the device does not work; 0 for no reason.
  package var problem: UInt32 = 0
  /// The status behind `problem`.
  package var problemStatus: Int32 = 0
  /// Whether the bus does not report the device any more.
  package var isGone = false
  /// Whether the stack got IRP_MN_REMOVE_DEVICE since the bus has lost the device.
  var isToldGone = false
  /// Whether the bus has reported the device in the enumeration that is under way.
  var isReported = false
  /// Whether the stack answered a query for its children: it has a bus driver.
  package var answersBusRelations = false

  /// Path in the tree of the registry, such as `ROOT\RING3\0000`.
  package var instancePath = StoredText.none
  package var hardwareIDs = StoredText.none
  package var compatibleIDs = StoredText.none
  package var capabilities = DEVICE_CAPABILITIES()
  var busInformation: PNP_BUS_INFORMATION?

  /// Drivers of the stack, bottom to top; each referenced.
  var drivers: UnsafeMutablePointer<DriverPointer>?
  package var driverCount = 0
  /// Resources given to the device, in memory of the host.
  var resources = ResourceBlocks()

  /// The state of power that the drivers reported last.
  package var devicePower: UInt32 = 1
  /// Whether a request that asks for or sets the state of the device is under way, and those behind it.
  var isPowerBusy = false
  var firstPowerRequest: PowerRequestPointer?
  /// Routines of drivers that are being told the end of a power request; the event is set at 0.
  var powerRoutineCount = 0
  var powerRoutinesDone = KEVENT()
  /// Whether the drivers have been asked about the change that is under way.
  var isInTransition = false

  init(device: DevicePointer?) { self.device = device }
}

extension NodePointer {
  static func make(_ device: DevicePointer? = nil) -> NodePointer {
    let node = NodePointer.allocate(capacity: 1)
    node.initialize(to: DeviceNode(device: device))
    node.initializeRoutines()
    return node
  }

  var isRoot: Bool { pointee.device == nil }

  /// Whether requests can be sent: there is a stack whose drivers have not been told to go.
  package var hasStack: Bool {
    switch pointee.state {
    case .uninitialized, .initialized, .removed: false
    default: true
    }
  }

  /// Whether the device has been started and has not been removed since.
  package var isStarted: Bool {
    switch pointee.state {
    case .started, .queryStopped, .queryRemoved: true
    default: false
    }
  }

  func append(_ child: NodePointer) {
    child.pointee.parent = self
    child.pointee.next = nil
    guard var last = pointee.firstChild else {
      pointee.firstChild = child
      return
    }
    while let next = last.pointee.next { last = next }
    last.pointee.next = child
  }

  func remove(_ child: NodePointer) {
    if pointee.firstChild == child {
      pointee.firstChild = child.pointee.next
    } else {
      var previous = pointee.firstChild
      while let candidate = previous, candidate.pointee.next != child {
        previous = candidate.pointee.next
      }
      previous?.pointee.next = child.pointee.next
    }
    child.pointee.parent = nil
    child.pointee.next = nil
  }

  /// The next node of the tree below `top` after this one, parents before children; nil at the end.
  package func following(below top: NodePointer) -> NodePointer? {
    if let child = pointee.firstChild { return child }
    var node = self
    while node != top {
      if let next = node.pointee.next { return next }
      guard let parent = node.pointee.parent else { return nil }
      node = parent
    }
    return nil
  }

  /// Calls `body` for this node and all below it, children before their parents.
  func forEachUpward(_ body: (NodePointer) -> Void) {
    var child = pointee.firstChild
    while let node = child {
      child = node.pointee.next
      node.forEachUpward(body)
    }
    body(self)
  }

  /// Calls `body` for this node and all below it, parents before their children.
  func forEachDownward(_ body: (NodePointer) -> Void) {
    body(self)
    var child = pointee.firstChild
    while let node = child {
      child = node.pointee.next
      node.forEachDownward(body)
    }
  }

  /// Frees a node without children; it stands in no tree.
  func destroy() {
    pointee.instancePath.free()
    pointee.hardwareIDs.free()
    pointee.compatibleIDs.free()
    pointee.drivers?.deallocate()
    pointee.resources.free()
    deallocate()
  }

  func destroyTree() {
    while let child = pointee.firstChild {
      pointee.firstChild = child.pointee.next
      child.destroyTree()
    }
    destroy()
  }
}

extension PlugAndPlay {
  /// The root of the tree; it has no device.
  package var root: NodePointer { state.pointee.root }

  /// The node of a physical device object; nil for other devices.
  package func node(of device: DevicePointer) -> NodePointer? {
    guard device.pointee.Type == 3 else { return nil }
    return io.deviceRecord(device).pointee.node?.assumingMemoryBound(to: DeviceNode.self)
  }

  /// The node of the stack that a device belongs to.
  package func node(ofStack device: DevicePointer) -> NodePointer? {
    node(of: io.bottom(of: device))
  }

  /// The node with a number; under the tree lock.
  package func node(number: UInt64) -> NodePointer? {
    var next: NodePointer? = root
    while let node = next {
      if node.pointee.number == number { return node }
      next = node.following(below: root)
    }
    return nil
  }

  /// Gives a device its place in the tree and takes a reference, unless the caller's goes over.
  func addNode(_ device: DevicePointer, below parent: NodePointer) -> NodePointer {
    let node = NodePointer.make(device)
    locked {
      node.pointee.number = state.pointee.nextNodeNumber
      state.pointee.nextNodeNumber += 1
      parent.append(node)
    }
    io.deviceRecord(device).pointee.node = UnsafeMutableRawPointer(node)
    device.pointee.Flags |= UInt32(DO_BUS_ENUMERATED_DEVICE)
    return node
  }

  /// Takes a node without children out of the tree for good.
  func deleteNode(_ node: NodePointer) {
    guard let device = node.pointee.device else { return }
    forgetInterfaces(of: node)
    forgetDrivers(of: node)
    locked { node.pointee.parent?.remove(node) }
    io.deviceRecord(device).pointee.node = nil
    node.destroy()
    machine.objects.dereference(UnsafeMutableRawPointer(device))
  }
}
