/// What an image needs from one other module.
public struct ImportedModule: Hashable, Sendable {
  /// The name as written, for example `ntoskrnl.exe`.
  public let name: String
  /// What is needed from it.
  public let imports: [Import]
  /// Whether the module is only needed at the first call.
  public let isDelayed: Bool

  package init(name: String, imports: [Import], isDelayed: Bool) {
    (self.name, self.imports, self.isDelayed) = (name, imports, isDelayed)
  }
}

/// One function or variable that an image needs.
public struct Import: Hashable, Sendable {
  /// How the import is named.
  public enum Symbol: Hashable, Sendable {
    case name(String)
    case ordinal(UInt16)
  }

  /// How it is named.
  public let symbol: Symbol
  /// The image offset of the eight bytes that receive the address.
  public let slot: UInt32

  package init(symbol: Symbol, slot: UInt32) {
    (self.symbol, self.slot) = (symbol, slot)
  }
}

extension Import.Symbol: CustomStringConvertible {
  /// The name, or `#` and the ordinal.
  public var description: String {
    switch self {
    case .name(let name): name
    case .ordinal(let ordinal): "#\(ordinal)"
    }
  }
}

/// What an image offers to others.
public struct Export: Hashable, Sendable {
  /// What an export leads to.
  public enum Target: Hashable, Sendable {
    /// An image offset.
    case address(UInt32)
    /// Something of another module, `module.name`.
    case forwarder(String)
  }

  /// The number under which it is exported.
  public let ordinal: UInt32
  /// The name; nil for what is exported by ordinal only.
  public let name: String?
  /// What it leads to.
  public let target: Target

  package init(ordinal: UInt32, name: String?, target: Target) {
    (self.ordinal, self.name, self.target) = (ordinal, name, target)
  }
}
