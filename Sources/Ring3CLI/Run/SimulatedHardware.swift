import ArgumentParser
import Ring3

/// Hardware that comes with Ring3, for drivers that need some.
enum SimulatedHardware: String, CaseIterable, ExpressibleByArgument {
  /// A bus master that moves blocks between RAM and a memory of its own.
  case blockMover = "block-mover"

  /// A new device of the kind.
  func make() -> any SimulatedDevice {
    switch self {
    case .blockMover: BlockMover()
    }
  }
}
