import NTTypes

extension NTStatus {
  /// Some characters had no counterpart.
  ///
  /// The corresponding Windows name is `STATUS_SOME_NOT_MAPPED`.
  static var someNotMapped: NTStatus { NTStatus(bits: 0x0000_0107) }
}
