import CRing3

/// A slot of a thread block: a word that one layer has for itself in every thread.
public struct ThreadSlot {
  @usableFromInline let offset: Int

  // The offset of `slots` is asserted by the C boundary; a literal, so that it folds.
  @inlinable init(_ number: Int) { offset = 0x270 + number * 8 }

  /// The process whose pages the thread is copying from or to.
  @inlinable public static var copying: ThreadSlot { ThreadSlot(0) }
  /// What the thread keeps for memory descriptor lists; owned by Memory.
  @inlinable public static var mdls: ThreadSlot { ThreadSlot(1) }

  /// What IoSetTopLevelIrp stored.
  @inlinable public static var topLevelIRP: ThreadSlot { ThreadSlot(2) }

  /// The dispatch routines of framework drivers that are running; owned by Framework.
  @inlinable public static var frameworkDispatches: ThreadSlot { ThreadSlot(3) }

  /// How many routines of devices run in the thread; owned by Hardware.
  @inlinable public static var deviceAccess: ThreadSlot { ThreadSlot(4) }

  /// The handlers of drivers in Swift that are running; owned by SwiftDrivers.
  @inlinable public static var swiftHandlers: ThreadSlot { ThreadSlot(5) }

  /// The program's request that the thread is sending, as the verifier sees it: a ``UserWatch``.
  @inlinable public static var userWatch: ThreadSlot { ThreadSlot(6) }

  /// The address of the slot in a thread block.
  @inlinable public func address(in thread: UnsafeMutablePointer<R3Thread>)
    -> UnsafeMutableRawPointer
  {
    UnsafeMutableRawPointer(thread) + offset
  }
}
