import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

// Blocks that drivers keep with their driver object.
extension IOManager {
  /// Makes a zeroed block under an identifier: `IoAllocateDriverObjectExtension`.
  func addDriverExtension(
    _ driver: DriverPointer, _ identifier: UnsafeMutableRawPointer?, _ byteCount: Int
  ) -> UnsafeMutableRawPointer? {
    let headerSize = MemoryLayout<DriverExtensionRecord>.stride
    guard
      let block = machine.pool.allocate(
        headerSize + byteCount, kind: .nonpaged, tag: Self.driverTag, zeroed: true)
    else { return nil }
    let record = block.bindMemory(to: DriverExtensionRecord.self, capacity: 1)
    let first = driverExtensions(driver)
    withDevicesLocked {
      record.initialize(to: DriverExtensionRecord(next: first.pointee, identifier: identifier))
      first.pointee = record
    }
    return block + headerSize
  }

  /// The block of an identifier; nil when there is none.
  func driverExtension(_ driver: DriverPointer, _ identifier: UnsafeMutableRawPointer?)
    -> UnsafeMutableRawPointer?
  {
    var found: UnsafeMutableRawPointer?
    withDevicesLocked {
      var next = driverExtensions(driver).pointee
      while let record = next, found == nil {
        if record.pointee.identifier == identifier {
          found =
            UnsafeMutableRawPointer(record) + MemoryLayout<DriverExtensionRecord>.stride
        }
        next = record.pointee.next
      }
    }
    return found
  }
}

@c(r3_IoAllocateDriverObjectExtension)
func ioAllocateDriverObjectExtension(
  _ driver: DriverPointer, _ identifier: UnsafeMutableRawPointer?, _ size: UInt32,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> Int32 {
  let io = Machine.current.io
  result.pointee = nil
  if io.driverExtension(driver, identifier) != nil { return IOStatus.objectNameCollision }
  result.pointee = io.addDriverExtension(driver, identifier, Int(size))
  return result.pointee == nil ? IOStatus.insufficientResources : IOStatus.success
}

@c(r3_IoGetDriverObjectExtension)
func ioGetDriverObjectExtension(_ driver: DriverPointer, _ identifier: UnsafeMutableRawPointer?)
  -> UnsafeMutableRawPointer?
{
  Machine.current.io.driverExtension(driver, identifier)
}
