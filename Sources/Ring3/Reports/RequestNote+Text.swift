import Machine
import NTTypes

extension RequestNote {
  /// The request in words: `IRP_MJ_READ of 64 bytes at 0`; nil when there is none.
  var text: String? {
    guard isThere else { return nil }
    let function = MajorFunction(rawValue: majorFunction)
    let name = "\(function)"
    switch function {
    case .read, .write: return "\(name) of \(inputCount) bytes at \(offset)"
    case .deviceControl, .internalDeviceControl:
      return
        "\(name) \(IoControlCode(bits: controlCode)), \(inputCount) bytes in, \(outputCount) out"
    default: return name
    }
  }
}
