import CRing3
import Glibc
import Machine

/// The routines of this module that the framework calls as it calls a driver's.
///
/// Each lies behind a stub in the Microsoft convention; one page for the whole process, never freed.
enum DriverEntries: Int, CaseIterable {
  case destroy, deviceAdd, unload
  case read, write, control, internalControl, other, stop, resume, cancelledOnQueue
  case cancel
  case queryRemove, removeComplete, removeCanceled
  case sent, targetRequestSent, awaited, cancelTask

  /// The address of the routine, for the structures of the driver kit.
  var address: UnsafeMutableRawPointer {
    Self.page.unsafelyUnwrapped + rawValue * Int(R3_STUB_SIZE)
  }

  /// The stubs, which ``prepare()`` makes.
  private nonisolated(unsafe) static var page: UnsafeMutableRawPointer?

  /// Makes the stubs, before the first driver is loaded.
  static func prepare() { page = made }

  private var routine: (UnsafeRawPointer, argumentCount: UInt32) {
    switch self {
    case .destroy: (unsafeBitCast(Attachment.destroy, to: UnsafeRawPointer.self), 1)
    case .deviceAdd: (unsafeBitCast(deviceAddEntry, to: UnsafeRawPointer.self), 2)
    case .unload: (unsafeBitCast(unloadEntry, to: UnsafeRawPointer.self), 1)
    case .read: (unsafeBitCast(readEntry, to: UnsafeRawPointer.self), 3)
    case .write: (unsafeBitCast(writeEntry, to: UnsafeRawPointer.self), 3)
    case .control: (unsafeBitCast(controlEntry, to: UnsafeRawPointer.self), 5)
    case .internalControl: (unsafeBitCast(internalControlEntry, to: UnsafeRawPointer.self), 5)
    case .other: (unsafeBitCast(otherEntry, to: UnsafeRawPointer.self), 2)
    case .stop: (unsafeBitCast(stopEntry, to: UnsafeRawPointer.self), 3)
    case .resume: (unsafeBitCast(resumeEntry, to: UnsafeRawPointer.self), 2)
    case .cancelledOnQueue: (unsafeBitCast(cancelledOnQueueEntry, to: UnsafeRawPointer.self), 2)
    case .cancel: (unsafeBitCast(cancelEntry, to: UnsafeRawPointer.self), 1)
    case .queryRemove: (unsafeBitCast(queryRemoveEntry, to: UnsafeRawPointer.self), 1)
    case .removeComplete: (unsafeBitCast(removeCompleteEntry, to: UnsafeRawPointer.self), 1)
    case .removeCanceled: (unsafeBitCast(removeCanceledEntry, to: UnsafeRawPointer.self), 1)
    case .sent: (unsafeBitCast(sentEntry, to: UnsafeRawPointer.self), 4)
    case .targetRequestSent: (unsafeBitCast(targetRequestSentEntry, to: UnsafeRawPointer.self), 4)
    case .awaited: (unsafeBitCast(awaitedEntry, to: UnsafeRawPointer.self), 4)
    case .cancelTask: (unsafeBitCast(cancelTaskEntry, to: UnsafeRawPointer.self), 1)
    }
  }

  private nonisolated(unsafe) static let made: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for stubs.") }
    for entry in allCases {
      let (routine, count) = entry.routine
      let place = page + entry.rawValue * Int(R3_STUB_SIZE)
      r3_make_stub(place.assumingMemoryBound(to: UInt8.self), routine, count, 0)
    }
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}
