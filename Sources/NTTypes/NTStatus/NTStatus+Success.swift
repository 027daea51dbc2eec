// Codes of success and information that the system itself returns or looks at; `init(name:)` knows many more.

extension NTStatus {
  /// The request is done.
  ///
  /// The corresponding Windows name is `STATUS_SUCCESS`.
  public static var success: NTStatus { NTStatus(bits: 0x0000_0000) }

  /// The second object of a wait became signalled.
  ///
  /// The corresponding Windows name is `STATUS_WAIT_1`.
  public static var wait1: NTStatus { NTStatus(bits: 0x0000_0001) }

  /// The operation was given up.
  ///
  /// The corresponding Windows name is `STATUS_ABANDONED`.
  public static var abandoned: NTStatus { NTStatus(bits: 0x0000_0080) }

  /// The first object of a wait is a mutex whose owner ended without releasing it.
  ///
  /// The corresponding Windows name is `STATUS_ABANDONED_WAIT_0`.
  public static var abandonedWait0: NTStatus { NTStatus(bits: 0x0000_0080) }

  /// A wait ended because a user APC was delivered.
  ///
  /// The corresponding Windows name is `STATUS_USER_APC`.
  public static var userApc: NTStatus { NTStatus(bits: 0x0000_00C0) }

  /// The operation was finished before.
  ///
  /// The corresponding Windows name is `STATUS_ALREADY_COMPLETE`.
  public static var alreadyComplete: NTStatus { NTStatus(bits: 0x0000_00FF) }

  /// A kernel APC is to be delivered.
  ///
  /// The corresponding Windows name is `STATUS_KERNEL_APC`.
  public static var kernelApc: NTStatus { NTStatus(bits: 0x0000_0100) }

  /// A wait ended because the thread was alerted.
  ///
  /// The corresponding Windows name is `STATUS_ALERTED`.
  public static var alerted: NTStatus { NTStatus(bits: 0x0000_0101) }

  /// A wait ended because its time ran out.
  ///
  /// The corresponding Windows name is `STATUS_TIMEOUT`.
  public static var timeout: NTStatus { NTStatus(bits: 0x0000_0102) }

  /// The request goes on; its completion comes later.
  ///
  /// The corresponding Windows name is `STATUS_PENDING`.
  public static var pending: NTStatus { NTStatus(bits: 0x0000_0103) }

  /// The name leads on to another object.
  ///
  /// The corresponding Windows name is `STATUS_REPARSE`.
  public static var reparse: NTStatus { NTStatus(bits: 0x0000_0104) }

  /// There is more to enumerate than the buffer holds.
  ///
  /// The corresponding Windows name is `STATUS_MORE_ENTRIES`.
  public static var moreEntries: NTStatus { NTStatus(bits: 0x0000_0105) }

  /// Too much changed to be listed; the directory has to be read again.
  ///
  /// The corresponding Windows name is `STATUS_NOTIFY_ENUM_DIR`.
  public static var notifyEnumDir: NTStatus { NTStatus(bits: 0x0000_010C) }

  /// An object of that name exists already, and it was opened.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_NAME_EXISTS`.
  public static var objectNameExists: NTStatus { NTStatus(bits: 0x4000_0000) }

  /// No other thread was ready to run.
  ///
  /// The corresponding Windows name is `STATUS_NO_YIELD_PERFORMED`.
  public static var noYieldPerformed: NTStatus { NTStatus(bits: 0x4000_0024) }
}
