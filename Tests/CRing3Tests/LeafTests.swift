import CRing3
import CRing3TestSupport
import Glibc
import Testing

@Suite("Leaf exports")
struct LeafTests {
  private static let sizes =
    Array(0...140) + [255, 256, 257, 767, 768, 769, 1000, 2047, 2048, 4096, 5003]

  private static func number(_ pointer: UnsafeRawPointer) -> UInt64 {
    UInt64(UInt(bitPattern: pointer))
  }

  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
  }

  @Test(
    "memmove copies any size, overlapping or not",
    arguments: [0, 1, 5, 16, 40, 100, 900, 4097, 4110, 4127, 6000])
  func move(distance: Int) {
    for size in Self.sizes {
      for backward in [false, true] {
        var ours = Self.bytes(size + distance + 64)
        var theirs = ours
        let (to, from) = backward ? (17 + distance, 17) : (17, 17 + distance)
        let result = ours.withUnsafeMutableBytes { buffer -> Bool in
          guard let base = buffer.baseAddress else { return false }
          let returned = test_leaf3(
            leaf(r3_leaf_memmove), Self.number(base + to), Self.number(base + from),
            UInt64(size))
          return returned == Self.number(base + to)
        }
        theirs.withUnsafeMutableBytes { buffer in
          guard let base = buffer.baseAddress else { return }
          _ = memmove(base + to, base + from, size)
        }
        #expect(result)
        #expect(ours == theirs, "size \(size) backward \(backward)")
      }
    }
  }

  @Test("memset, RtlFillMemory and RtlZeroMemory set any size and no more")
  func set() {
    for size in Self.sizes {
      var buffer = [UInt8](repeating: 1, count: size + 32)
      func check(_ byte: UInt8, _ call: (UInt64) -> UInt64) {
        let returned = buffer.withUnsafeMutableBytes { bytes in
          bytes.baseAddress.map { call(Self.number($0 + 13)) == Self.number($0 + 13) }
        }
        #expect(returned == true)
        let expected =
          [UInt8](repeating: 1, count: 13) + [UInt8](repeating: byte, count: size)
          + [UInt8](repeating: 1, count: 19)
        #expect(buffer == expected, "size \(size)")
      }
      check(0xAB) { test_leaf3(leaf(r3_leaf_memset), $0, 0x12AB, UInt64(size)) }
      check(0xCD) { test_leaf3(leaf(r3_leaf_RtlFillMemory), $0, UInt64(size), 0xCD) }
      check(0) { test_leaf3(leaf(r3_leaf_RtlZeroMemory), $0, UInt64(size), 0) }
    }
  }

  @Test("memcmp and RtlCompareMemory find the first difference")
  func compare() {
    for size in 0...70 {
      let first = Self.bytes(size + 1)
      for difference in 0...size {
        var second = first
        if difference < size { second[difference] &+= 1 }
        let (order, equal, expected) = first.withUnsafeBytes { a in
          second.withUnsafeBytes { b -> (Int32, UInt64, Int32) in
            guard let a = a.baseAddress, let b = b.baseAddress else { return (0, 0, 0) }
            return (
              Int32(
                truncatingIfNeeded: test_leaf3(
                  leaf(r3_leaf_memcmp), Self.number(a), Self.number(b), UInt64(size))),
              test_leaf3(
                leaf(r3_leaf_RtlCompareMemory), Self.number(a), Self.number(b), UInt64(size)),
              memcmp(a, b, size)
            )
          }
        }
        #expect(order.signum() == expected.signum())
        #expect(equal == UInt64(difference))
      }
    }
  }

  @Test("Nonvolatile registers survive a large copy or fill")
  func largeCopyKeepsRegisters() {
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: 8192, alignment: 16)
    defer { buffer.deallocate() }
    #expect(test_countChangedRegisters(leaf(r3_leaf_memmove), Self.number(buffer)) == 0)
    #expect(test_countChangedRegisters(leaf(r3_leaf_memset), Self.number(buffer)) == 0)
  }

  @Test("chkstk touches a frame's pages and keeps all registers", arguments: [0, 8, 4096, 20000])
  func checkStack(size: UInt64) {
    let kernel = KernelThread()
    #expect(kernel.run { UInt64(test_chkstk(leaf(r3_leaf_chkstk), size)) } == 1)
  }

  @Test("The level and the thread are read from GS")
  func currentThread() {
    let kernel = KernelThread()
    kernel.thread.pointee.irql = 2
    kernel.thread.pointee.currentThread = UnsafeMutableRawPointer(bitPattern: 0x1234_5678)
    #expect(kernel.run { test_leaf3(leaf(r3_leaf_KeGetCurrentIrql), 0, 0, 0) } == 2)
    #expect(kernel.run { test_leaf3(leaf(r3_leaf_PsGetCurrentThread), 0, 0, 0) } == 0x1234_5678)
  }
}
