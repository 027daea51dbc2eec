/// What a request asks for, in plain numbers, for reports.
package struct RequestNote: Sendable {
  /// Whether there is a request.
  package var isThere = false
  package var majorFunction: UInt8 = 0
  /// The control code; 0 for other functions.
  package var controlCode: UInt32 = 0
  package var inputCount = 0
  package var outputCount = 0
  package var offset: Int64 = 0

  package init() {}
}
