/// One bar: Ring3's figure over a peer's is to be at most a factor.
struct Bar {
  let factor: Double
  let peer: String
  /// What is added to the peer's figure: copies that it leaves out.
  var addition: String?
  /// What the peer is called in the table.
  let text: String

  init(_ factor: Double, _ peer: String, _ text: String, plus addition: String? = nil) {
    self.factor = factor
    self.peer = peer
    self.text = text
    self.addition = addition
  }
}

/// One line of the comparison.
struct Row {
  let number: String
  let work: String
  /// The name of Ring3's figure.
  let subject: String
  let bars: [Bar]

  static let all: [Row] = pool + lookaside + requests + verified + wine + threads + scale

  private static let pool: [Row] =
    [64, 256, 1024].map { size in
      Row(
        number: "1", work: "pool pair, \(size) B, through a driver's import",
        subject: "pool pair, \(size) B",
        bars: [
          Bar(1.5, "tcmalloc, pair, \(size) B", "tcmalloc"),
          Bar(1, "glibc, pair, \(size) B", "glibc"),
        ])
    } + [
      Row(
        number: "2", work: "pool, 10,000 live, random replace",
        subject: "pool, 10,000 live, 16 B..8 KiB, replace",
        bars: [
          Bar(1.5, "tcmalloc, 10,000 live", "tcmalloc"),
          Bar(1, "mimalloc, 10,000 live", "mimalloc"),
        ]),
      Row(
        number: "3", work: "pool, allocated on one thread, freed on another, 256 B",
        subject: "pool, two threads, 256 B",
        bars: [Bar(1, "mimalloc, two threads, 256 B", "mimalloc")]),
      Row(
        number: "3", work: "lookaside list, buffer alone, the same",
        subject: "lookaside list, buffer alone, two threads, 256 B",
        bars: [Bar(1.5, "DPDK mempool, two threads, 256 B", "DPDK mempool")]),
      Row(
        number: "3", work: "lookaside list, the Windows form, the same",
        subject: "lookaside list, two threads, 256 B",
        bars: [Bar(1.5, "DPDK mempool, two threads, 256 B", "DPDK mempool")]),
    ]

  private static let lookaside: [Row] =
    ["list Ex", "nonpaged list"].map { kind in
      Row(
        number: "4a", work: "lookaside pair, \(kind), on its SLIST head",
        subject: "lookaside pair, \(kind), 256 B",
        bars: [
          Bar(
            1.2, "lookaside pair, \(kind), 256 B / 16-byte compare-exchange, pop + push",
            "bare pop + push")
        ])
    }
    + [64, 256].map { size in
      Row(
        number: "4b", work: "framework list, buffer alone, from a driver in Swift, \(size) B",
        subject: "lookaside list, buffer alone, pair, \(size) B",
        bars: [Bar(1, "tcmalloc, pair, \(size) B", "tcmalloc")])
    }
    + [64, 256].map { size in
      Row(
        number: "4c", work: "WdfMemoryCreateFromLookaside + WdfObjectDelete, \(size) B",
        subject: "WDFMEMORY from lookaside list, \(size) B",
        bars: [Bar(10, "tcmalloc, pair, \(size) B", "tcmalloc")])
    }

  private static let requests: [Row] = [
    Row(
      number: "5", work: "buffered read, 4 KiB", subject: "read, buffered, 4 KiB",
      bars: [Bar(0.75, "read, buffered, 4 KiB / read of /dev/zero, 4 KiB", "read of /dev/zero")]),
    Row(
      number: "5", work: "buffered read, 64 B", subject: "read, buffered, 64 B",
      bars: [Bar(0.4, "read, buffered, 64 B / empty system call", "empty system call")]),
    Row(
      number: "6", work: "through a KMDF sequential queue, 4 KiB",
      subject: "framework read, buffered, sequential queue, 4 KiB",
      bars: [Bar(2.5, "read, buffered, 4 KiB", "line 5")]),
    Row(
      number: "6", work: "through a KMDF sequential queue, 64 B",
      subject: "framework read, buffered, sequential queue, 64 B",
      bars: [Bar(2.5, "read, buffered, 64 B", "line 5")]),
    Row(
      number: "7", work: "METHOD_BUFFERED, 64 KiB in and out",
      subject: "control, METHOD_BUFFERED, 64 KiB in and out",
      bars: [
        Bar(
          1.25, "control, METHOD_BUFFERED, 64 KiB in and out / two memcpy, 64 KiB", "two memcpy")
      ]),
    Row(
      number: "8", work: "direct read, 1 MiB", subject: "read, direct, 1 MiB",
      bars: [Bar(0.15, "read, direct, 1 MiB / memcpy, 1 MiB", "memcpy")]),
    Row(
      number: "8", work: "direct read, 16 MiB", subject: "read, direct, 16 MiB",
      bars: [Bar(16, "read, direct, 1 MiB", "the same with 1 MiB")]),
  ]

  private static let verified: [Row] = [
    "read, buffered, 64 B", "read, buffered, 4 KiB",
    "control, METHOD_BUFFERED, 4 KiB in and out",
  ].map { name in
    Row(
      number: "8b", work: "standard classes of the verifier: \(name)", subject: "verified \(name)",
      bars: [Bar(3, "verified \(name) / plain kernel", "the same without checks")])
  }

  private static let wine: [Row] = [
    Row(
      number: "9", work: "METHOD_BUFFERED, 4 KiB, the same .sys",
      subject: "inside.sys, DeviceIoControl, 4 KiB",
      bars: [Bar(1.0 / 300, "Wine, DeviceIoControl, 4 KiB", "Wine")]),
    Row(
      number: "9b", work: "inside the driver: pool pair, 256 B",
      subject: "inside: pool pair, 256 B",
      bars: [Bar(0.3, "Wine, inside: pool pair, 256 B", "Wine")]),
    Row(
      number: "9b", work: "inside the driver: IRP allocated, called, completed, freed",
      subject: "inside: request packet", bars: [Bar(0.8, "Wine, inside: request packet", "Wine")]),
    Row(
      number: "9b", work: "inside the driver: IoBuildDeviceIoControlRequest, 4 KiB",
      subject: "inside: control request, 4 KiB",
      bars: [
        Bar(
          1, "Wine, inside: control request, 4 KiB", "Wine + two memcpy",
          plus: "control, METHOD_BUFFERED, 4 KiB in and out / two memcpy, 4 KiB")
      ]),
  ]

  private static let threads: [Row] = [
    Row(
      number: "10", work: "reads on two threads, own files, against one thread",
      subject: "reads on two threads",
      bars: [Bar(1 / 1.8, "reads on two threads / one thread", "one thread")]),
    Row(
      number: "11", work: "pended read, completed by another thread",
      subject: "pended read, completed by another thread",
      bars: [
        Bar(
          1.3, "pended read, completed by another thread / futex ping-pong, two threads",
          "futex ping-pong")
      ]),
  ]

  private static let scale: [Row] = [
    scaled("WDFMEMORY pair with 1000000 live", "WDFMEMORY pair with 1000 live", "1,000 live"),
    scaled("read with 100000 pending", "read with 100 pending", "100 pending"),
    scaled("pool pair with 10000 tags", "pool pair with 10 tags", "10 tags"),
    Row(
      number: "13", work: "kernel, driver, first request", subject: "kernel, driver, first request",
      bars: [Bar(1, "limit: 2 ms", "2 ms")]),
    Row(
      number: "13", work: "memory of an idle kernel, bytes", subject: "idle memory",
      bars: [Bar(1, "limit: 16 MiB", "16 MiB")]),
    Row(
      number: "14", work: "MDL build, lock, unlock, a page at 16 MiB",
      subject: "MDL build, lock, unlock, 16 MiB", bars: [Bar(1, "limit: 4 ns", "4 ns")]),
  ]

  private static func scaled(_ much: String, _ little: String, _ text: String) -> Row {
    Row(number: "12", work: much, subject: much, bars: [Bar(1.3, little, text)])
  }

  /// Limits that are no peer's figure.
  static let limits: [String: Double] = [
    "limit: 2 ms": 2_000_000, "limit: 16 MiB": 16_777_216, "limit: 4 ns": 4,
  ]
}
