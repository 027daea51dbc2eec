// Exceptions, and errors of how they are handled.

extension NTStatus {
  /// An address was not valid for that access.
  ///
  /// The corresponding Windows name is `STATUS_ACCESS_VIOLATION`.
  public static var accessViolation: NTStatus { NTStatus(bits: 0xC000_0005) }

  /// No system service has that number.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_SYSTEM_SERVICE`.
  public static var invalidSystemService: NTStatus { NTStatus(bits: 0xC000_001C) }

  /// The instruction is not a valid one.
  ///
  /// The corresponding Windows name is `STATUS_ILLEGAL_INSTRUCTION`.
  public static var illegalInstruction: NTStatus { NTStatus(bits: 0xC000_001D) }

  /// Locks were taken or released in a forbidden order.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_LOCK_SEQUENCE`.
  public static var invalidLockSequence: NTStatus { NTStatus(bits: 0xC000_001E) }

  /// A filter asked to go on after an exception that cannot be continued.
  ///
  /// The corresponding Windows name is `STATUS_NONCONTINUABLE_EXCEPTION`.
  public static var noncontinuableException: NTStatus { NTStatus(bits: 0xC000_0025) }

  /// An exception handler returned a value that means nothing.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_DISPOSITION`.
  public static var invalidDisposition: NTStatus { NTStatus(bits: 0xC000_0026) }

  /// An unwind is under way.
  ///
  /// The corresponding Windows name is `STATUS_UNWIND`.
  public static var unwind: NTStatus { NTStatus(bits: 0xC000_0027) }

  /// An unwind met a damaged or foreign stack.
  ///
  /// The corresponding Windows name is `STATUS_BAD_STACK`.
  public static var badStack: NTStatus { NTStatus(bits: 0xC000_0028) }

  /// An unwind was sent to a frame that is not on the stack.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_UNWIND_TARGET`.
  public static var invalidUnwindTarget: NTStatus { NTStatus(bits: 0xC000_0029) }

  /// A floating-point number was divided by zero.
  ///
  /// The corresponding Windows name is `STATUS_FLOAT_DIVIDE_BY_ZERO`.
  public static var floatDivideByZero: NTStatus { NTStatus(bits: 0xC000_008E) }

  /// An integer was divided by zero.
  ///
  /// The corresponding Windows name is `STATUS_INTEGER_DIVIDE_BY_ZERO`.
  public static var integerDivideByZero: NTStatus { NTStatus(bits: 0xC000_0094) }

  /// An integer operation overflowed.
  ///
  /// The corresponding Windows name is `STATUS_INTEGER_OVERFLOW`.
  public static var integerOverflow: NTStatus { NTStatus(bits: 0xC000_0095) }

  /// The instruction is not allowed in this mode.
  ///
  /// The corresponding Windows name is `STATUS_PRIVILEGED_INSTRUCTION`.
  public static var privilegedInstruction: NTStatus { NTStatus(bits: 0xC000_0096) }

  /// The stack is used up.
  ///
  /// The corresponding Windows name is `STATUS_STACK_OVERFLOW`.
  public static var stackOverflow: NTStatus { NTStatus(bits: 0xC000_00FD) }

  /// The program was ended from the console.
  ///
  /// The corresponding Windows name is `STATUS_CONTROL_C_EXIT`.
  public static var controlCExit: NTStatus { NTStatus(bits: 0xC000_013A) }

  /// No user-mode callback is active.
  ///
  /// The corresponding Windows name is `STATUS_NO_CALLBACK_ACTIVE`.
  public static var noCallbackActive: NTStatus { NTStatus(bits: 0xC000_0258) }

  /// A stack buffer was overrun.
  ///
  /// The corresponding Windows name is `STATUS_STACK_BUFFER_OVERRUN`.
  public static var stackBufferOverrun: NTStatus { NTStatus(bits: 0xC000_0409) }

  /// A C run-time function got a bad parameter.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_CRUNTIME_PARAMETER`.
  public static var invalidCruntimeParameter: NTStatus { NTStatus(bits: 0xC000_0417) }

  /// An assertion failed.
  ///
  /// The corresponding Windows name is `STATUS_ASSERTION_FAILURE`.
  public static var assertionFailure: NTStatus { NTStatus(bits: 0xC000_0420) }
}
