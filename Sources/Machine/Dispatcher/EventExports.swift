import CDriverKit
import CRing3

@c(r3_KeInitializeEvent)
package func keInitializeEvent(
  _ event: UnsafeMutablePointer<KEVENT>, _ type: UInt32, _ state: UInt32
) {
  Event(event).initialize(
    type == 0 ? .notification : .synchronization, isSet: state & 0xFF != 0)
}

@c(r3_KeSetEvent)
func keSetEvent(_ event: UnsafeMutablePointer<KEVENT>, _ increment: Int32, _ wait: UInt32) -> Int32
{
  Event(event).set() ? 1 : 0
}

@c(r3_KeResetEvent)
func keResetEvent(_ event: UnsafeMutablePointer<KEVENT>) -> Int32 { Event(event).reset() ? 1 : 0 }

@c(r3_KeClearEvent)
func keClearEvent(_ event: UnsafeMutablePointer<KEVENT>) { Event(event).reset() }

@c(r3_KePulseEvent)
func kePulseEvent(_ event: UnsafeMutablePointer<KEVENT>, _ increment: Int32, _ wait: UInt32)
  -> Int32
{
  Event(event).pulse() ? 1 : 0
}

@c(r3_KeReadStateEvent)
func keReadStateEvent(_ event: UnsafeMutablePointer<KEVENT>) -> Int32 {
  event.pointee.Header.SignalState
}
