import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

/// An entry that a driver wrote to the system's error log.
public struct ErrorLogEntry: Sendable, Hashable {
  /// Path of the device, or of the driver, that the entry is about; empty without a name.
  public let source: String
  /// The message's code.
  public let errorCode: UInt32
  /// What tells the places of a driver apart that write the same code.
  public let uniqueValue: UInt32
  public let finalStatus: UInt32
  public let majorFunction: UInt8
  public let retryCount: UInt8
  public let sequenceNumber: UInt32
  public let controlCode: UInt32
  public let deviceOffset: Int64
  public let dump: [UInt8]
  public let strings: [String]
}

/// What lies before an entry that a driver fills.
private struct ErrorLogHeader {
  let object: UnsafeMutableRawPointer
  let byteCount: Int
}

extension IOManager {
  private static var errorTag: UInt32 { 0x7245_6F49 }  // IoEr

  /// The entries that drivers wrote, oldest first.
  package var errorLog: [ErrorLogEntry] { withRecords { $0.errors } }

  /// Entries that were allocated, and neither written nor freed.
  package var unwrittenErrorCount: Int { withRecords { $0.errorEntryCount } }

  /// Makes an entry about a device or driver: `IoAllocateErrorLogEntry`.
  func allocateErrorEntry(_ object: UnsafeMutableRawPointer, _ byteCount: Int)
    -> UnsafeMutableRawPointer?
  {
    let headerSize = MemoryLayout<ErrorLogHeader>.size
    guard byteCount >= 0x30, byteCount <= Int(ERROR_LOG_MAXIMUM_SIZE),
      machine.objects.isObject(object, .device) || machine.objects.isObject(object, .driver),
      let block = machine.pool.allocate(
        headerSize + byteCount, kind: .nonpaged, tag: Self.errorTag, zeroed: true)
    else { return nil }
    block.storeBytes(
      of: ErrorLogHeader(object: object, byteCount: byteCount), as: ErrorLogHeader.self)
    machine.objects.reference(object)
    withRecords { $0.errorEntryCount += 1 }
    return block + headerSize
  }

  /// Writes an entry to the log, and frees it.
  func writeErrorEntry(_ packet: UnsafeMutableRawPointer) {
    let header = (packet - MemoryLayout<ErrorLogHeader>.size).load(as: ErrorLogHeader.self)
    let source = String(decoding: machine.objects.path(of: header.object), as: UTF16.self)
    let entry = ErrorLogEntry(packet, header.byteCount, source: source)
    withRecords { records in
      if records.errors.count < 10_000 { records.errors.append(entry) }
    }
    freeErrorEntry(packet)
  }

  /// Frees an entry without writing it.
  func freeErrorEntry(_ packet: UnsafeMutableRawPointer) {
    let block = packet - MemoryLayout<ErrorLogHeader>.size
    let object = block.load(as: ErrorLogHeader.self).object
    machine.pool.free(block, tag: Self.errorTag)
    withRecords { $0.errorEntryCount -= 1 }
    machine.objects.dereference(object)
  }
}

extension ErrorLogEntry {
  fileprivate init(_ packet: UnsafeMutableRawPointer, _ byteCount: Int, source: String) {
    let fields = packet.load(as: IO_ERROR_LOG_PACKET.self)
    let bytes = UnsafeRawBufferPointer(start: packet, count: byteCount)
    self.source = source
    errorCode = UInt32(bitPattern: fields.ErrorCode)
    uniqueValue = fields.UniqueErrorValue
    finalStatus = UInt32(bitPattern: fields.FinalStatus)
    majorFunction = fields.MajorFunctionCode
    retryCount = fields.RetryCount
    sequenceNumber = fields.SequenceNumber
    controlCode = fields.IoControlCode
    deviceOffset = fields.DeviceOffset.QuadPart
    let start = MemoryLayout<IO_ERROR_LOG_PACKET>.offset(of: \.DumpData).unsafelyUnwrapped
    let end = min(byteCount, start + Int(fields.DumpDataSize))
    dump = start < end ? Array(bytes[start..<end]) : []
    strings = Self.strings(in: bytes, at: Int(fields.StringOffset), Int(fields.NumberOfStrings))
  }

  /// The strings at an offset, each ended by a zero, as far as they lie in the entry.
  private static func strings(in bytes: UnsafeRawBufferPointer, at offset: Int, _ count: Int)
    -> [String]
  {
    var result: [String] = []
    var position = offset
    while result.count < count, position + 1 < bytes.count {
      var units: [UInt16] = []
      while position + 1 < bytes.count {
        let unit = UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8
        position += 2
        if unit == 0 { break }
        units.append(unit)
      }
      result.append(String(decoding: units, as: UTF16.self))
    }
    return result
  }
}

@c(r3_IoAllocateErrorLogEntry)
func ioAllocateErrorLogEntry(_ object: UnsafeMutableRawPointer?, _ size: UInt32)
  -> UnsafeMutableRawPointer?
{
  object.flatMap { Machine.current.io.allocateErrorEntry($0, Int(size & 0xFF)) }
}

@c(r3_IoWriteErrorLogEntry)
func ioWriteErrorLogEntry(_ entry: UnsafeMutableRawPointer) {
  Machine.current.io.writeErrorEntry(entry)
}

@c(r3_IoFreeErrorLogEntry)
func ioFreeErrorLogEntry(_ entry: UnsafeMutableRawPointer?) {
  if let entry { Machine.current.io.freeErrorEntry(entry) }
}
