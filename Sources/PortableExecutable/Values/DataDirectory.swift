/// One of the tables that the headers point to.
public enum DataDirectory: Int, Hashable, Sendable, CaseIterable {
  case exports, imports, resources, exceptions, security, relocations, debug, architecture
  case globalPointer, threadLocalStorage, loadConfiguration, boundImports, importAddresses
  case delayedImports, managedCode, reserved
}

extension DataDirectory: CustomStringConvertible {
  /// The name of the directory, for messages.
  public var description: String {
    switch self {
    case .exports: "export table"
    case .imports: "import table"
    case .resources: "resource table"
    case .exceptions: "exception table"
    case .security: "certificate table"
    case .relocations: "relocation table"
    case .debug: "debug table"
    case .architecture: "architecture table"
    case .globalPointer: "global pointer"
    case .threadLocalStorage: "thread-local storage table"
    case .loadConfiguration: "load configuration"
    case .boundImports: "bound import table"
    case .importAddresses: "import address table"
    case .delayedImports: "delayed import table"
    case .managedCode: "managed code header"
    case .reserved: "reserved table"
    }
  }
}
