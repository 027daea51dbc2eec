import CRing3
import Machine

/// What an instruction address belongs to.
enum CodeKind {
  /// A driver's image.
  case image
  /// Driver code without a function table: executable pool, and the leaf exports.
  case leaf
  /// This program.
  case host

  init(of address: UInt64, in machine: Machine) {
    if machine.exceptions.pointee.code.image(containing: address) != nil {
      self = .image
    } else if r3_is_leaf(address)
      || machine.state.pointee.memory.frame(of: UInt(address)) != nil
    {
      self = .leaf
    } else {
      self = .host
    }
  }
}
