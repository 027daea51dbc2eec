import CRing3
import Machine

extension Hardware {
  /// Has the routine of a connection asked again, or not asked: its line is masked meanwhile.
  ///
  /// What came while it was masked is delivered before the call returns. Any level.
  package func setActive(_ interrupt: UnsafeMutableRawPointer, _ isActive: Bool) {
    object(interrupt, name("IoReportInterruptActive")).pointee.isActive = isActive
    if isActive { deliverPending() }
  }
}
