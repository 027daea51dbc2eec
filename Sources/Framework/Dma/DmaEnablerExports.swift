import CDriverKit
import CRing3
import Hardware
import Machine

@c(r3_WdfDmaEnablerGetMaximumLength)
package func wdfDmaEnablerGetMaximumLength(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  UInt64(Framework.current.dmaEnabler(handle).pointee.maximumLength)
}

/// The longest transfer that map registers are there for; 0 for a direction that there is not.
@c(r3_WdfDmaEnablerGetFragmentLength)
package func wdfDmaEnablerGetFragmentLength(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ direction: UInt32
) -> UInt64 {
  let enabler = Framework.current.dmaEnabler(handle)
  guard let direction = DmaDirection(rawValue: direction) else { return 0 }
  return UInt64(enabler.channel(direction).maximumLength)
}

@c(r3_WdfDmaEnablerGetMaximumScatterGatherElements)
package func wdfDmaEnablerGetMaximumScatterGatherElements(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) -> UInt64 {
  Framework.current.dmaEnabler(handle).pointee.maximumElements
}

@c(r3_WdfDmaEnablerSetMaximumScatterGatherElements)
package func wdfDmaEnablerSetMaximumScatterGatherElements(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ count: UInt64
) {
  let framework = Framework.current
  let enabler = framework.dmaEnabler(handle)
  guard framework.isLevel(atMost: IRQL.passive) else { return }
  guard count > 0 else {
    return framework.note("WdfDmaEnablerSetMaximumScatterGatherElements: 0 elements are none")
  }
  enabler.pointee.maximumElements = min(count, UInt64(UInt32.max))
}

/// The adapter of a direction; NULL for a direction that there is not.
@c(r3_WdfDmaEnablerWdmGetDmaAdapter)
package func wdfDmaEnablerWdmGetDmaAdapter(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ direction: UInt32
) -> UnsafeMutableRawPointer? {
  let enabler = Framework.current.dmaEnabler(handle)
  guard let direction = DmaDirection(rawValue: direction) else { return nil }
  return enabler.channel(direction).adapter.driverPointer
}
