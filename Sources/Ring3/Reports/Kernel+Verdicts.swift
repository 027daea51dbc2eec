import Image
import Machine
import NTTypes

extension Kernel {
  /// The rules that drivers broke without ending the kernel, the oldest first: with `keepsGoing`.
  ///
  /// Each has the code and the parameters of the bug check that it would have been. The same rule at the
  /// same place is there once. The verdict that ended the kernel is ``bugCheck``.
  public var verdicts: [BugCheck] {
    let images = Images.known(in: machine)
    return machine.verdicts.map { machine.verdict($0, images: images) }
  }

  /// The number of ``verdicts``, which is had without looking up the drivers' code.
  public var verdictCount: Int { machine.verdictCount }

  /// The verdicts behind the first ones, with source lines as far as they can be found.
  ///
  /// Runs `llvm-symbolizer`, like ``bugCheckWithSourceLines()``.
  public func verdictsWithSourceLines(from first: Int = 0) -> [BugCheck] {
    guard verdictCount > first else { return [] }
    return addingSourceLines(to: Array(verdicts.dropFirst(first)))
  }

  /// The line of a script that is being done, for the verdicts to come; nil for none.
  public var scriptLine: Int? {
    get {
      machine.verifierState.flatMap {
        $0.pointee.scriptLine == 0 ? nil : Int($0.pointee.scriptLine)
      }
    }
    set { machine.verifierState?.pointee.scriptLine = UInt32(clamping: newValue ?? 0) }
  }
}
