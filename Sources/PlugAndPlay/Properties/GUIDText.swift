import CDriverKit
import NTTypes

extension NTTypes.GUID {
  /// The identifier as drivers have it.
  package var layout: CDriverKit.GUID { makeGUID(data1, data2, data3, data4) }
}

/// A GUID as the registry and names have it: `{4d36e97d-e325-11ce-bfc1-08002be10318}`.
func text(of guid: CDriverKit.GUID) -> String {
  withUnsafeBytes(of: guid) { NTTypes.GUID(bytes: $0)?.description ?? "" }
}

/// Whether two GUIDs are the same.
func isSame(_ first: CDriverKit.GUID, _ second: CDriverKit.GUID) -> Bool {
  withUnsafeBytes(of: first) { first in
    withUnsafeBytes(of: second) { second in first.elementsEqual(second) }
  }
}

/// A GUID of the last eight bytes in the usual order.
func makeGUID(_ first: UInt32, _ second: UInt16, _ third: UInt16, _ tail: UInt64) -> CDriverKit.GUID
{
  func byte(_ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: tail >> ((7 - index) * 8)) }
  return CDriverKit.GUID(
    Data1: first, Data2: second, Data3: third,
    Data4: (byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7)))
}
