import CRing3

@c(r3_KfRaiseIrql)
func kfRaiseIrql(_ level: UInt32) -> UInt8 { IRQL.raise(to: UInt8(truncatingIfNeeded: level)) }

@c(r3_KeRaiseIrql)
func keRaiseIrql(_ level: UInt32, _ old: UnsafeMutablePointer<UInt8>) {
  old.pointee = IRQL.raise(to: UInt8(truncatingIfNeeded: level))
}

@c(r3_KeRaiseIrqlToDpcLevel)
func keRaiseIrqlToDpcLevel() -> UInt8 { IRQL.raise(to: IRQL.dispatch) }

@c(r3_KeRaiseIrqlToSynchLevel)
func keRaiseIrqlToSynchLevel() -> UInt8 { IRQL.raise(to: IRQL.synch) }

@c(r3_KeLowerIrql)
func keLowerIrql(_ level: UInt32) { IRQL.lower(to: UInt8(truncatingIfNeeded: level)) }
