import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

extension PlugAndPlay {
  /// Asks a started device for its children: new ones are brought up, missing ones are removed.
  ///
  /// Under the tree lock.
  package func enumerate(_ node: NodePointer) {
    if node.isRoot {
      bringUpChildren(of: node)
      return
    }
    guard node.pointee.state == .started, let device = node.pointee.device else { return }
    let relations = queryRelations(BusRelations, of: device)
    node.pointee.answersBusRelations = relations != nil
    // No answer is not an empty one: what there is stays.
    guard let relations else { return }
    forEachChild(of: node) { $0.pointee.isReported = false }
    for index in 0..<Int(relations.pointee.Count) {
      if let child = devices(of: relations)[index] { note(child, below: node) }
    }
    machine.pool.free(UnsafeMutableRawPointer(relations), tag: 0)
    forEachChild(of: node) { child in
      if !child.pointee.isReported, !child.pointee.isGone { surpriseRemove(child, isGone: true) }
    }
    finishAllRemovals()
    bringUpChildren(of: node)
  }

  func forEachChild(of node: NodePointer, _ body: (NodePointer) -> Void) {
    var next = node.pointee.firstChild
    while let child = next {
      next = child.pointee.next
      body(child)
    }
  }

  /// A bus reports a device; the reference that came with the report goes over or is let go.
  private func note(_ device: DevicePointer, below parent: NodePointer) {
    guard let known = self.node(of: device) else {
      if io.deviceRecord(device).pointee.isDeleted != 0 {
        machine.bugCheck(0xCA, 4, bits(device), 0, 0)
      }
      addNode(device, below: parent).pointee.isReported = true
      return
    }
    // PNP_DETECTED_FATAL_ERROR: the same device twice, or below two buses.
    if known.pointee.isReported || known.pointee.parent != parent {
      machine.bugCheck(0xCA, 1, bits(device), 0, 0)
    }
    known.pointee.isReported = true
    machine.objects.dereference(UnsafeMutableRawPointer(device))
  }

  /// Brings those children up that are new.
  ///
  /// A child may go while another starts: each turn looks anew.
  private func bringUpChildren(of node: NodePointer) {
    while let child = newChild(of: node) { bringUp(child) }
  }

  private func newChild(of node: NodePointer) -> NodePointer? {
    var next = node.pointee.firstChild
    while let child = next {
      if child.pointee.state == .uninitialized, !child.pointee.isGone, child.pointee.problem == 0 {
        return child
      }
      next = child.pointee.next
    }
    return nil
  }
}
