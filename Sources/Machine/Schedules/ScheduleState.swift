import CRing3
import Glibc

/// What a machine keeps whose threads run one at a time, in an order that is drawn from a seed.
///
/// One thread at a time has the turn. It gives it on at certain points, to whom the seed says. Time is the
/// machine's own: it moves a little at each point, and to the next timer or timeout when nobody can run.
package struct ScheduleState {
  /// Held for a few instructions; nobody leaves the kernel under it.
  var lock = MachineLock()
  var random: ScheduleRandom
  /// Of 16 draws, how many leave the turn with who has it.
  let persistence: UInt64
  /// One draw of so many lets the next timer or timeout come first; 0: none does.
  let earlyRate: UInt64
  /// Whether time moves by itself; else the program moves it.
  let movesTime: Bool
  /// In the order in which they came.
  var first: UnsafeMutablePointer<Participant>?
  var last: UnsafeMutablePointer<Participant>?
  /// Who has the turn; nil while no thread of the program is inside.
  var running: UnsafeMutablePointer<Participant>?
  /// Threads of the program that are inside, or wait for an answer.
  var programCount = 0
  /// Threads of the program that were started for one thing each, and have not ended.
  var senderCount = 0
  var nextNumber: UInt32 = 1
  /// Counts what can set another thread free: who failed to get a lock need not try again before.
  var progress: UInt64 = 1
  var record = ScheduleRecord()
  /// The text of a deadlock; a C string that lives as long as the machine.
  var deadlock: UnsafeMutablePointer<CChar>?

  init(seed: UInt64, movesTime: Bool) {
    var random = ScheduleRandom(seed: seed)
    // Races differ in what they need: many switches or one at the right place, an early timer or none.
    persistence = [0, 4, 8, 13][Int(random.below(4))]
    earlyRate = [0, 2, 5, 20][Int(random.below(4))]
    self.random = random
    self.movesTime = movesTime
  }
}

/// A thread that gets turns.
struct Participant {
  enum Kind: UInt8 {
    /// A host thread of the program, whatever kernel threads it has.
    case program
    /// A thread of the system or of a driver.
    case system
    /// The thread that runs timers, and DPCs of other processors.
    case service
  }

  enum Phase: UInt8 {
    /// Can run, or runs.
    case ready
    /// Until its word changes, or its time has come.
    case waiting
    /// Failed to get a lock; tries again when something has happened.
    case spinning
    /// A thread of the program that is in no call.
    case outside
  }

  /// 1 when it is the thread's turn, which sleeps on the word.
  ///
  /// First, for atomics.
  var turn: UInt32 = 0
  let kind: Kind
  var phase: Phase
  let number: UInt32
  /// The host thread; 0 as long as it has not begun.
  var host: Int32
  /// A thread of the program that is inside from its start to its end.
  var isSender = false
  /// Has left the kernel, and keeps the turn: there are senders, who are to wait for it.
  var isAway = false
  /// The thread of a participant that is the machine's.
  let thread: UnsafeMutablePointer<ThreadState>?
  /// As which kernel thread it gave the turn away; nil outside the kernel.
  var block: UnsafeMutablePointer<R3Thread>?
  var word: UnsafeMutablePointer<UInt32>?
  var seen: UInt32 = 0
  /// As an interrupt time; `.max` for never.
  var deadline = UInt64.max
  /// Waits for an answer: its time never comes before all others have done what they can.
  var isPatient = false
  /// Its time has come where time does not move by itself.
  var isOver = false
  /// ``ScheduleState/progress`` when it failed to get a lock.
  var tried: UInt64 = 0
  var tryCount = 0
  /// What it waits for: a type of dispatcher object or a word for it, and the address.
  var reason = StaticString("")
  var object: UInt64 = 0
  /// The export that a driver called last in it.
  var export: UnsafePointer<CChar>?
  /// The driver's stack when it began to wait.
  var stack: StackNumber = 0
  var next: UnsafeMutablePointer<Participant>?
}

/// The numbers that a seed stands for: SplitMix64.
struct ScheduleRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0xD134_2543_DE82_EF95 &+ 0x632B_E59B_D9B4_E019 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number from 0 to `bound` - 1.
  mutating func below(_ bound: UInt64) -> UInt64 { bound < 2 ? 0 : next() % bound }
}
