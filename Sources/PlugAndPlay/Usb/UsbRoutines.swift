import CRing3
import Glibc
import IOManager
import Machine

/// Routines of the USB bus that lie where drivers and IRPs have routines of drivers.
///
/// One page of stubs in the Microsoft convention for the whole process; never freed.
enum UsbRoutines {
  static var plugAndPlay: UnsafeMutableRawPointer { page + 0 * size }
  static var power: UnsafeMutableRawPointer { page + 1 * size }
  static var internalControl: UnsafeMutableRawPointer { page + 2 * size }
  /// The cancel routine of transfers.
  static var cancelTransfer: UnsafeMutableRawPointer { page + 3 * size }
  /// The cancel routine of a request to be told of idleness.
  static var cancelIdle: UnsafeMutableRawPointer { page + 4 * size }
  /// The members of USB_BUS_INTERFACE_USBDI_V3 in their order, beginning with InterfaceReference.
  static func member(_ index: Int) -> UnsafeMutableRawPointer { page + (5 + index) * size }
  private static let size = Int(R3_STUB_SIZE)

  private nonisolated(unsafe) static let page: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    let stubs = page.assumingMemoryBound(to: UInt8.self)
    func make(_ index: Int, _ routine: UnsafeRawPointer, _ count: UInt32) {
      r3_make_stub(stubs + index * size, routine, count, 0)
    }
    make(0, unsafeBitCast(usbPlugAndPlay, to: UnsafeRawPointer.self), 2)
    make(1, unsafeBitCast(usbPower, to: UnsafeRawPointer.self), 2)
    make(2, unsafeBitCast(usbInternalControl, to: UnsafeRawPointer.self), 2)
    make(3, unsafeBitCast(cancelUsbTransfer, to: UnsafeRawPointer.self), 2)
    make(4, unsafeBitCast(cancelUsbIdle, to: UnsafeRawPointer.self), 2)
    UsbInterfaceRoutines.make { make(5 + $0, $1, $2) }
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}
