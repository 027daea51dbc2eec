import CDriverKit
import Framework
import NTTypes

/// What a device can do in DMA, and its way to memory: WDFDMAENABLER.
///
/// A value; copies stand for the same object, which goes with its device.
public struct DMAEnabler: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// How a device moves data: `WDF_DMA_PROFILE`.
  public enum Profile: UInt32, Sendable, Hashable, CaseIterable {
    /// One piece at a time, with 32 address bits.
    case packet = 1
    /// Many pieces at a time, with 32 address bits.
    case scatterGather
    /// One piece at a time, with 64 address bits.
    case packet64
    /// Many pieces at a time, with 64 address bits.
    case scatterGather64
    /// As ``scatterGather``, reads and writes at the same time.
    case scatterGatherDuplex
    /// As ``scatterGather64``, reads and writes at the same time.
    case scatterGather64Duplex
  }

  /// The longest transfer that the driver said the device can do, in bytes.
  public var maximumLength: Int {
    Int(wdfDmaEnablerGetMaximumLength(handle.globals, handle.bits))
  }

  /// The longest transfer of a direction that there are map registers for, in bytes.
  public func fragmentLength(_ direction: DMADirection) -> Int {
    Int(wdfDmaEnablerGetFragmentLength(handle.globals, handle.bits, direction.rawValue))
  }

  /// The most elements that one transfer may have; nil for any number.
  ///
  /// Set at PASSIVE_LEVEL, before there are transactions.
  public var maximumElementCount: Int? {
    get {
      let count = wdfDmaEnablerGetMaximumScatterGatherElements(handle.globals, handle.bits)
      return count == UInt64(UInt32.max) ? nil : Int(count)
    }
    nonmutating set {
      wdfDmaEnablerSetMaximumScatterGatherElements(
        handle.globals, handle.bits, newValue.map { UInt64(max($0, 0)) } ?? UInt64(UInt32.max))
    }
  }
}

extension DeviceObject {
  /// Says what the device can do in DMA.
  ///
  /// - Parameters:
  ///   - profile: how it moves data.
  ///   - maximumLength: the longest transfer in bytes, at least 1; longer requests are done in several.
  ///   - addressWidth: bits of the addresses that the device sends, when the profile's 32 or 64 are not
  ///     right; needs `version` 3.
  ///   - version: of the DMA routines that are used, 2 or 3; nil for the least that will do.
  /// - Throws: STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// At PASSIVE_LEVEL, when the device is added or its hardware prepared. Source: WdfDmaEnablerCreate.
  public func makeDMAEnabler(
    _ profile: DMAEnabler.Profile, maximumLength: Int, addressWidth: Int? = nil, version: Int? = nil
  ) throws(NTStatus) -> DMAEnabler {
    guard maximumLength > 0, (1...64).contains(addressWidth ?? 64), (2...3).contains(version ?? 2)
    else { throw .invalidParameter }
    var config = WDF_DMA_ENABLER_CONFIG()
    config.Size = UInt32(MemoryLayout<WDF_DMA_ENABLER_CONFIG>.size)
    config.Profile = WDF_DMA_PROFILE(rawValue: profile.rawValue)
    config.MaximumLength = maximumLength
    config.AddressWidthOverride = UInt32(addressWidth ?? 0)
    config.WdmDmaVersionOverride = UInt32(version ?? 0)
    var attributes = Attachment.plain(parent: nil)
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfDmaEnablerCreate")
    try check(
      wdfDmaEnablerCreate(handle.globals, handle.bits, &config, &attributes, &bits))
    return DMAEnabler(handle: Handle(globals: handle.globals, bits: bits))
  }
}
