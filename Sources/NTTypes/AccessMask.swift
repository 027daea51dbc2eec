/// The rights that an opener asks for or has.
public struct AccessMask: OptionSet, Hashable, Sendable {
  /// The number that the system uses.
  public let rawValue: UInt32
  /// Makes a value of the system's number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  // MARK: Rights of files and devices

  /// Reading (`FILE_READ_DATA`).
  public static let readData = AccessMask(rawValue: 0x0001)
  /// Writing (`FILE_WRITE_DATA`).
  public static let writeData = AccessMask(rawValue: 0x0002)
  /// Writing at the end (`FILE_APPEND_DATA`).
  public static let appendData = AccessMask(rawValue: 0x0004)
  /// Reading extended attributes (`FILE_READ_EA`).
  public static let readExtendedAttributes = AccessMask(rawValue: 0x0008)
  /// Writing extended attributes (`FILE_WRITE_EA`).
  public static let writeExtendedAttributes = AccessMask(rawValue: 0x0010)
  /// Running, or passing through a directory (`FILE_EXECUTE`).
  public static let execute = AccessMask(rawValue: 0x0020)
  /// Deleting what a directory holds (`FILE_DELETE_CHILD`).
  public static let deleteChild = AccessMask(rawValue: 0x0040)
  /// Reading attributes (`FILE_READ_ATTRIBUTES`).
  public static let readAttributes = AccessMask(rawValue: 0x0080)
  /// Writing attributes (`FILE_WRITE_ATTRIBUTES`).
  public static let writeAttributes = AccessMask(rawValue: 0x0100)

  // MARK: Rights of every object

  /// Deleting (`DELETE`).
  public static let delete = AccessMask(rawValue: 0x0001_0000)
  /// Reading the security descriptor (`READ_CONTROL`).
  public static let readControl = AccessMask(rawValue: 0x0002_0000)
  /// Changing the access list (`WRITE_DAC`).
  public static let writeDACL = AccessMask(rawValue: 0x0004_0000)
  /// Changing the owner (`WRITE_OWNER`).
  public static let writeOwner = AccessMask(rawValue: 0x0008_0000)
  /// Waiting (`SYNCHRONIZE`).
  public static let synchronize = AccessMask(rawValue: 0x0010_0000)
  /// The four rights that every object must have to be managed (`STANDARD_RIGHTS_REQUIRED`).
  public static let standardRequired = AccessMask(rawValue: 0x000F_0000)
  /// All standard rights (`STANDARD_RIGHTS_ALL`).
  public static let standardAll = AccessMask(rawValue: 0x001F_0000)
  /// All rights that an object type may define (`SPECIFIC_RIGHTS_ALL`).
  public static let specificAll = AccessMask(rawValue: 0x0000_FFFF)
  /// Reading the audit list (`ACCESS_SYSTEM_SECURITY`).
  public static let systemSecurity = AccessMask(rawValue: 0x0100_0000)
  /// Whatever the object allows (`MAXIMUM_ALLOWED`).
  public static let maximumAllowed = AccessMask(rawValue: 0x0200_0000)

  // MARK: Generic rights

  /// Everything (`GENERIC_ALL`).
  public static let genericAll = AccessMask(rawValue: 0x1000_0000)
  /// Running (`GENERIC_EXECUTE`).
  public static let genericExecute = AccessMask(rawValue: 0x2000_0000)
  /// Writing (`GENERIC_WRITE`).
  public static let genericWrite = AccessMask(rawValue: 0x4000_0000)
  /// Reading (`GENERIC_READ`).
  public static let genericRead = AccessMask(rawValue: 0x8000_0000)

  // MARK: What the generic rights mean for files and devices

  /// What `GENERIC_READ` means for a file (`FILE_GENERIC_READ`).
  public static let fileGenericRead: AccessMask = [
    .readControl, .readData, .readAttributes, .readExtendedAttributes, .synchronize,
  ]
  /// What `GENERIC_WRITE` means for a file (`FILE_GENERIC_WRITE`).
  public static let fileGenericWrite: AccessMask = [
    .readControl, .writeData, .writeAttributes, .writeExtendedAttributes, .appendData,
    .synchronize,
  ]
  /// What `GENERIC_EXECUTE` means for a file (`FILE_GENERIC_EXECUTE`).
  public static let fileGenericExecute: AccessMask = [
    .readControl, .readAttributes, .execute, .synchronize,
  ]
  /// What `GENERIC_ALL` means for a file (`FILE_ALL_ACCESS`).
  public static let fileAll = AccessMask(rawValue: 0x001F_01FF)
}

/// The object rights that the four generic rights stand for.
public struct GenericMapping: Hashable, Sendable {
  /// What `GENERIC_READ` stands for.
  public var read: AccessMask
  /// What `GENERIC_WRITE` stands for.
  public var write: AccessMask
  /// What `GENERIC_EXECUTE` stands for.
  public var execute: AccessMask
  /// What `GENERIC_ALL` stands for.
  public var all: AccessMask

  /// Makes a mapping of its four masks.
  public init(read: AccessMask, write: AccessMask, execute: AccessMask, all: AccessMask) {
    (self.read, self.write, self.execute, self.all) = (read, write, execute, all)
  }

  /// The mapping for files and devices.
  public static let file = GenericMapping(
    read: .fileGenericRead, write: .fileGenericWrite, execute: .fileGenericExecute, all: .fileAll)
}

extension AccessMask {
  /// The mask with its generic rights replaced by what they stand for.
  public func mapped(by mapping: GenericMapping) -> AccessMask {
    var result = self
    for (generic, rights) in [
      (AccessMask.genericRead, mapping.read), (.genericWrite, mapping.write),
      (.genericExecute, mapping.execute), (.genericAll, mapping.all),
    ] where contains(generic) {
      result.remove(generic)
      result.formUnion(rights)
    }
    return result
  }
}

extension AccessMask: CustomStringConvertible {
  /// The bits as a hexadecimal number.
  public var description: String { rawValue.hexadecimal(digits: 8) }
}
