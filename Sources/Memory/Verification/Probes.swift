import CRing3
import Machine

// What a driver probed of a program's memory; in a verified machine.

@c(r3_verified_ProbeForRead)
func verifiedProbeForRead(_ address: UInt, _ count: UInt, _ alignment: UInt32) {
  probeForRead(address, count, alignment)
  noteProbe(address, count)
}

@c(r3_verified_ProbeForWrite)
func verifiedProbeForWrite(_ address: UInt, _ count: UInt, _ alignment: UInt32) {
  probeForWrite(address, count, alignment)
  noteProbe(address, count)
}

private func noteProbe(_ address: UInt, _ count: UInt) {
  guard let watch = UserWatch.of(CurrentThread.pointer) else { return }
  watch.pointee.noteProbe(address, Int(clamping: count))
}
