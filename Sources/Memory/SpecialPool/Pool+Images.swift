import Machine
import NTTypes

// Special pool for the blocks of some drivers.
extension Pool {
  /// Told of every image that is loaded.
  package func noteImage(_ name: String, _ range: Range<UInt>) {
    guard let special, special.pointee.selection.choosesDrivers else { return }
    let chosen = machine.state.pointee.configuration.specialPool.drivers
    let isChosen = chosen.contains { $0.lowercased() == name.lowercased() }
    if isChosen { special.pointee.selection.add(range) }
  }

  /// Told of every image that goes, by its first address.
  package func forgetImage(_ start: UInt) { special?.pointee.selection.remove(start) }
}
