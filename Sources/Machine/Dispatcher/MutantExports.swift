import CDriverKit
import CRing3

@c(r3_KeInitializeMutex)
package func keInitializeMutex(_ mutex: UnsafeMutablePointer<KMUTANT>, _ level: UInt32) {
  Mutant(mutex).initialize(disablesAPCs: true)
}

@c(r3_KeInitializeMutant)
func keInitializeMutant(_ mutex: UnsafeMutablePointer<KMUTANT>, _ isOwned: UInt32) {
  Mutant(mutex).initialize(disablesAPCs: false)
  if isOwned & 0xFF != 0 {
    _ = Wait.forObject(UnsafeMutableRawPointer(mutex), WaitOptions(deadline: .poll))
  }
}

@c(r3_KeReleaseMutex)
func keReleaseMutex(_ mutex: UnsafeMutablePointer<KMUTANT>, _ wait: UInt32) -> Int32 {
  do throws(Mutant.ReleaseError) {
    return try Mutant(mutex).release()
  } catch {
    switch error {
    case .notOwned: Machine.current.raise(status: 0xC000_0046)  // STATUS_MUTANT_NOT_OWNED
    case .abandoned: Machine.current.raise(status: 0x80)  // STATUS_ABANDONED
    }
  }
}

@c(r3_KeReadStateMutex)
func keReadStateMutex(_ mutex: UnsafeMutablePointer<KMUTANT>) -> Int32 {
  mutex.pointee.Header.SignalState
}
