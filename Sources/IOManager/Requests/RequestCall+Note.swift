import CDriverKit
import Machine

/// Says in plain numbers what a call asks for.
let describeCall: @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void = {
  call, note in
  let call = call.assumingMemoryBound(to: RequestCall.self)
  let note = note.assumingMemoryBound(to: RequestNote.self)
  note.pointee.isThere = true
  note.pointee.majorFunction = call.pointee.majorFunction
  note.pointee.controlCode = call.pointee.code
  note.pointee.inputCount = call.pointee.inputCount
  note.pointee.outputCount = call.pointee.outputCount
  note.pointee.offset = call.pointee.offset
}
