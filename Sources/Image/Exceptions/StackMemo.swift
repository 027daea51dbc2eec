import CRing3
import Machine

/// Stacks that were walked lately, with the words of the stack that led the walk.
///
/// A verified machine notes a stack at each allocation and completion. Where the newest call returns to
/// the same place, and all the words that the walk went by are as they were, the walk would come to the
/// same frames. Walks that go by more - frame registers, exceptions - are not remembered.
struct StackMemo {
  static let entryCount = 256
  /// Words of one walk, at most.
  static let wordCount = 40

  struct Word {
    var address: UInt64 = 0
    var value: UInt64 = 0
  }

  /// A walk, by the frame that it began at.
  ///
  /// Who writes makes `version` odd meanwhile, under the lock; who reads sees whether it has changed.
  struct Entry {
    var version: UInt64 = 0
    var frame: UInt64 = 0
    var wordCount = 0
    var number: StackNumber = 0
    var words = InlineArray<40, Word>(repeating: Word())
  }

  private var lock = MachineLock()
  /// Behind the memo itself.
  private var entries: UnsafeMutablePointer<Entry> {
    mutating get {
      withUnsafeMutablePointer(to: &self) {
        (UnsafeMutableRawPointer($0) + Self.headByteCount).assumingMemoryBound(to: Entry.self)
      }
    }
  }

  private static let headByteCount = 64

  static func make() -> UnsafeMutablePointer<StackMemo> {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: headByteCount + entryCount * MemoryLayout<Entry>.stride, alignment: 64)
    let memo = memory.initializeMemory(as: StackMemo.self, to: StackMemo())
    (memory + headByteCount).initializeMemory(as: Entry.self, repeating: Entry(), count: entryCount)
    return memo
  }

  private static func place(_ frame: UInt64, _ rip: UInt64) -> Int {
    Int((frame >> 4 ^ rip ^ rip >> 12) % UInt64(entryCount))
  }

  /// The number of the stack whose newest frame that is; nil when it has to be walked.
  mutating func find(_ frame: UnsafeMutablePointer<R3Frame>, on stack: Range<UInt64>)
    -> StackNumber?
  {
    let address = UInt64(UInt(bitPattern: frame))
    let entry = entries + Self.place(address, frame.pointee.rip)
    // Each load comes before the next: the last one tells whether they belong together.
    let version = r3_load64(entry)
    let start = UnsafeMutableRawPointer(entry)
    guard version & 1 == 0, r3_load64(start + Self.frameOffset) == address else { return nil }
    let number = r3_load32(start + Self.numberOffset)
    let count = Int(r3_load64(start + Self.countOffset))
    guard number != 0, UInt(bitPattern: count) <= UInt(Self.wordCount) else { return nil }
    var word = start + Self.wordsOffset
    let end = word + count &* MemoryLayout<Word>.stride
    while word < end {
      let address = r3_load64(word)
      // The stack of another thread that has ended may be gone.
      guard stack.contains(address), let now = UnsafeRawPointer(bitPattern: UInt(address)),
        now.load(as: UInt64.self) == r3_load64(word + 8)
      else { return nil }
      word += MemoryLayout<Word>.stride
    }
    return r3_load64(entry) == version ? number : nil
  }

  private static var frameOffset: Int { MemoryLayout<Entry>.offset(of: \.frame).unsafelyUnwrapped }
  private static var countOffset: Int {
    MemoryLayout<Entry>.offset(of: \.wordCount).unsafelyUnwrapped
  }
  private static var numberOffset: Int {
    MemoryLayout<Entry>.offset(of: \.number).unsafelyUnwrapped
  }
  private static var wordsOffset: Int { MemoryLayout<Entry>.offset(of: \.words).unsafelyUnwrapped }

  /// Remembers a walk.
  mutating func add(
    _ frame: UnsafeMutablePointer<R3Frame>, _ words: InlineArray<40, Word>, _ count: Int,
    _ number: StackNumber
  ) {
    let address = UInt64(UInt(bitPattern: frame))
    let entry = entries + Self.place(address, frame.pointee.rip)
    lock.lock()
    let version = entry.pointee.version
    _ = r3_swap64(entry, version | 1)
    entry.pointee.frame = address
    entry.pointee.wordCount = count
    entry.pointee.words = words
    entry.pointee.number = number
    r3_store64(entry, version &+ 2)
    lock.unlock()
  }
}

/// The words that a walk goes by.
struct WalkWords {
  var words = InlineArray<40, StackMemo.Word>(repeating: StackMemo.Word())
  private(set) var count = 0
  /// Whether these words decide where the walk comes to.
  private(set) var isWhole = true

  /// Notes a word of the stack.
  mutating func note(_ address: UInt64, on stack: Range<UInt64>) {
    guard count < StackMemo.wordCount, stack.contains(address),
      let pointer = UnsafePointer<UInt64>(bitPattern: UInt(address))
    else { return giveUp() }
    for index in 0..<count where words[index].address == address { return }
    words[count] = StackMemo.Word(address: address, value: pointer.pointee)
    count += 1
  }

  /// Notes the words of a frame that links driver code.
  mutating func note(_ frame: UnsafeMutablePointer<R3Frame>, on stack: Range<UInt64>) {
    let address = UInt64(UInt(bitPattern: frame))
    // Its successor, where the driver goes on, and its stack pointer.
    for offset: UInt64 in [0, 8, 16] { note(address + offset, on: stack) }
  }

  /// The walk goes by more than words of the stack.
  mutating func giveUp() { isWhole = false }
}

/// The number of the running thread's driver stack; 0 when no driver has called.
let stackNumber: @convention(c) () -> UInt32 = {
  guard let thread = r3_current(), let frame = thread.pointee.frames,
    let machine = machine(of: thread), machine[.exceptions] != nil,
    let memo = machine.exceptions.pointee.memo, let verifier = machine.verifierState
  else { return 0 }
  let stack = FrameWalk.stack(of: thread)
  if let known = memo.pointee.find(frame, on: stack) { return known }
  var frames = InlineArray<16, UInt64>(repeating: 0)
  var words = WalkWords()
  let number = withUnsafeMutablePointer(to: &frames) { frames in
    let frames = UnsafeMutableRawPointer(frames).assumingMemoryBound(to: UInt64.self)
    let count = StackCapture.capture(
      thread, into: frames, capacity: StackDepot.frameCount, noting: &words)
    return verifier.pointee.stacks.number(of: frames, count)
  }
  if words.isWhole, number != 0 { memo.pointee.add(frame, words.words, words.count, number) }
  return number
}
