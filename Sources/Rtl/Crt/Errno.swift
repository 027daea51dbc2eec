/// The error numbers that the checked (`_s`) functions of Microsoft's C runtime return.
package enum CrtError {
  package static var none: Int32 { 0 }
  package static var invalid: Int32 { 22 }
  package static var range: Int32 { 34 }
  package static var illegalSequence: Int32 { 42 }
  package static var truncated: Int32 { 80 }

  /// The count that asks `strncpy_s` and its kin to cut off what does not fit (`_TRUNCATE`).
  package static var truncate: UInt { .max }
}
