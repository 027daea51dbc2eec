/// How a mapping is made, as drivers say it: `MM_PAGE_PRIORITY` and two flags.
package struct MappingPriority: RawRepresentable, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let low = MappingPriority(rawValue: 0)
  package static let normal = MappingPriority(rawValue: 16)
  package static let high = MappingPriority(rawValue: 32)

  /// The mapping may not be written through: `MdlMappingNoWrite`.
  package static let noWrite: UInt32 = 0x8000_0000
  /// The mapping may not be executed: `MdlMappingNoExecute`.
  package static let noExecute: UInt32 = 0x4000_0000

  var forbidsWriting: Bool { rawValue & Self.noWrite != 0 }
  var forbidsExecuting: Bool { rawValue & Self.noExecute != 0 }

  /// The part of `limit` that mappings of this priority may fill.
  func share(of limit: Int) -> Int {
    switch rawValue & 0xFFFF {
    case 0..<16: limit / 2
    case 16..<32: limit - limit / 4
    default: limit
    }
  }
}
