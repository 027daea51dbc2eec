import Ring3

extension TraceEvent {
  /// The step of a buffered read that the point belongs to, 1 to 6.
  public var stepNumber: Int {
    switch step {
    case .issued: 1
    case .probed, .bufferAllocated, .copiedIn, .pagesLocked: 3
    case .sent: 4
    case .completed, .returned: 5
    case .copiedBack, .bufferFreed, .finished: 6
    }
  }

  /// What happened at the point, in words.
  public var sentence: String {
    let address = "0x" + hexadecimal(address)
    let frame = frame == 0 ? "not resident" : "frame 0x\(hexadecimal(frame))"
    return switch step {
    case .issued: "user range \(address), \(count) bytes, \(frame)"
    case .probed: "range probed for write access"
    case .bufferAllocated:
      "system buffer \(address), \(count) bytes of nonpaged pool, tag \"Io  \", \(frame)"
    case .copiedIn: "\(count) bytes copied to the system buffer"
    case .pagesLocked: "pages locked and described by an MDL"
    case .sent: "IRP 0x\(hexadecimal(irp)) to the driver, SystemBuffer \(address)"
    case .completed: "IoCompleteRequest: status \(NTStatus(bits: status)), Information \(count)"
    case .returned: "dispatch routine returned \(NTStatus(bits: status))"
    case .copiedBack: "\(count) bytes copied to the user range \(address), \(frame)"
    case .bufferFreed: "system buffer \(address) freed"
    case .finished: "request finished: \(NTStatus(bits: status)), \(count) bytes"
    }
  }
}
