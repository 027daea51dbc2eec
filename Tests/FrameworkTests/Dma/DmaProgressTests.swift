import Testing

@testable import Framework

/// The states of a transaction, without a machine.
@Suite struct DmaProgressTests {
  private func running(_ length: Int, maximum: Int) -> DmaProgress {
    var progress = DmaProgress()
    progress.initialize(length: length, maximum: maximum)
    _ = progress.execute()
    return progress
  }

  @Test func `only an initialized transaction is executed, once`() {
    var progress = DmaProgress()
    let fresh = progress.execute()
    progress.initialize(length: 10, maximum: 10)
    let initialized = progress.execute()
    let running = progress.execute()
    #expect(!fresh && initialized && !running && progress.state == .transfer)
  }

  @Test func `nothing is completed but what runs`() {
    var progress = DmaProgress()
    let before = progress.complete(.full)
    progress = running(10, maximum: 10)
    progress.begin(10)
    let outcome = progress.complete(.full)
    progress.finish(isSuccess: true)
    let after = progress.complete(.full)
    #expect(before == nil && outcome == .finished && after == nil)
    #expect(progress.state == .completed)
  }

  @Test func `bytes are counted as they are completed`() {
    var progress = running(100, maximum: 40)
    progress.begin(40)
    #expect(progress.remaining == 60)
    let whole = progress.complete(.full)
    #expect(whole == .more && progress.transferred == 40)
    progress.begin(40)
    let nothing = progress.complete(.partial(0))
    #expect(nothing == .more && progress.remaining == 60)
    progress.begin(40)
    let tooMuch = progress.complete(.partial(41))
    #expect(tooMuch == .refused && progress.transferred == 40)
    let last = progress.complete(.last(5))
    #expect(last == .finished && progress.transferred == 45)
  }

  @Test func `released it may be initialized, and reserved, again`() {
    var progress = running(10, maximum: 10)
    #expect(!progress.mayInitialize && !progress.mayReserve)
    progress.finish(isSuccess: false)
    #expect(!progress.mayInitialize && !progress.mayReserve)
    progress.release()
    #expect(progress.mayInitialize && progress.mayReserve && progress.transferred == 0)
    progress.reserve()
    #expect(progress.mayInitialize && !progress.mayReserve)
  }

  @Test func `the length of transfers is only lowered`() {
    var progress = running(100, maximum: 40)
    progress.limit(to: 50)
    #expect(progress.maximum == 40)
    progress.limit(to: 30)
    #expect(progress.maximum == 30)
  }
}
