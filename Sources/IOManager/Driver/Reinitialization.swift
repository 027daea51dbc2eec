import CDriverKit
import CRing3
import Machine

/// A routine that a driver wants called after its DriverEntry.
struct Reinitialization {
  let driver: DriverPointer
  let routine: UnsafeRawPointer
  let context: UnsafeMutableRawPointer?
  let isBoot: Bool
}

extension IOManager {
  func registerReinitialization(_ reinitialization: Reinitialization) {
    withRecords { $0.reinitializations.append(reinitialization) }
  }

  /// Calls the routines that were registered, also those that they register themselves.
  ///
  /// Called when a driver has been initialized; the boot routines come first.
  package func reinitializeDrivers() {
    // A driver that asks again each time must not go on for ever.
    for _ in 0..<1000 {
      let next = withRecords { records -> Reinitialization? in
        let list = records.reinitializations
        guard let index = list.firstIndex(where: \.isBoot) ?? list.indices.first else { return nil }
        return records.reinitializations.remove(at: index)
      }
      guard let next else { return }
      let driver = next.driver
      driver.pointee.DriverExtension.pointee.Count += 1
      _ = r3_call3(
        next.routine, bits(driver), bits(next.context),
        UInt64(driver.pointee.DriverExtension.pointee.Count))
    }
  }

  /// Forgets what a driver that is unloaded had registered.
  func forgetReinitializations(_ driver: DriverPointer) {
    withRecords { $0.reinitializations.removeAll { $0.driver == driver } }
  }
}

@c(r3_IoRegisterDriverReinitialization)
func ioRegisterDriverReinitialization(
  _ driver: DriverPointer, _ routine: UnsafeRawPointer, _ context: UnsafeMutableRawPointer?
) {
  Machine.current.io.registerReinitialization(
    Reinitialization(driver: driver, routine: routine, context: context, isBoot: false))
}

@c(r3_IoRegisterBootDriverReinitialization)
func ioRegisterBootDriverReinitialization(
  _ driver: DriverPointer, _ routine: UnsafeRawPointer, _ context: UnsafeMutableRawPointer?
) {
  Machine.current.io.registerReinitialization(
    Reinitialization(driver: driver, routine: routine, context: context, isBoot: true))
}
