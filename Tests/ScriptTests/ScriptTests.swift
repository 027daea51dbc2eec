import NTTypes
import Script
import Testing

@Suite struct ScriptTests {
  /// The one action behind an `open` line.
  func kind(_ line: String) throws -> Action.Kind {
    let script = try Script("open \\\\.\\Echo as h\n\(line)")
    #expect(script.actions.count == 2)
    return script.actions[1].kind
  }

  @Test("every form of open is read")
  func open() throws {
    let script = try Script(
      #"""
      open \\.\Echo
      open \\.\Echo as h
      open \\.\Echo read
      open \\.\Echo as h_2 write   # comment
      open "\\.\My Device\file 1" readwrite
      """#)
    #expect(
      script.actions.map(\.kind) == [
        .open(path: #"\\.\Echo"#, handle: nil, access: .readWrite),
        .open(path: #"\\.\Echo"#, handle: "h", access: .readWrite),
        .open(path: #"\\.\Echo"#, handle: nil, access: .read),
        .open(path: #"\\.\Echo"#, handle: "h_2", access: .write),
        .open(path: #"\\.\My Device\file 1"#, handle: nil, access: .readWrite),
      ])
    #expect(FileAccess.readWrite.mask == [.genericRead, .genericWrite])
  }

  @Test("an interface is opened by its class, a device is removed, and the machine sleeps")
  func devices() throws {
    let text = "{8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0001}"
    let guid = try #require(GUID(text))
    let script = try Script(
      """
      open \(text)
      open \(text) 1 as second read
      remove
      surprise 3
      power d3
      sleep S4
      wake
      show devices
      """)
    #expect(
      script.actions.map(\.kind) == [
        .openInterface(guid, index: 0, handle: nil, access: .readWrite),
        .openInterface(guid, index: 1, handle: "second", access: .read),
        .device(.remove, number: nil), .device(.surprise, number: 3),
        .device(.power(3), number: nil), .sleep(4), .wake, .show(.devices),
      ])
  }

  @Test(
    "a state of power that does not exist is refused",
    arguments: ["sleep", "sleep S6", "sleep 3", "power D4", "power S3", "remove it"])
  func badDevices(line: String) {
    #expect(throws: ScriptError.self) { try Script(line) }
  }

  @Test("an event is made, its handle stands in data, and it is waited for")
  func events() throws {
    let script = try Script(
      #"""
      event done
      open \\.\Echo as h
      ioctl 0x800 in hex:01+zero:7+handle:done+"a+b"+wide:"c"
      wait done
      wait
      """#)
    #expect(
      script.actions.map(\.kind).suffix(3) == [
        .send(
          ScriptRequest(
            handle: nil,
            operation: .control(
              IoControlCode(bits: 0x800),
              input: .data(
                .joined([
                  .bytes([1]), .fill(byte: 0, count: 7), .handle(name: "done"),
                  .bytes(Array("a+b".utf8)), .bytes([0x63, 0]),
                ])), output: nil)), isAsynchronous: false), .waitEvent(name: "done"),
        .wait(handle: nil),
      ])
  }

  @Test("joined data has the bytes of its parts, at most so many")
  func joined() throws {
    let data = ScriptData.joined([.bytes([1, 2]), .handle(name: "e"), .fill(byte: 9, count: 2)])
    #expect(data.byteCount == 12)
    let noFile = { (path: String) throws(ScriptData.Failure) -> [UInt8] in
      throw .unreadable(path: path, reason: "")
    }
    #expect(
      try data.bytes(maximum: 12, readFile: noFile) { $0 == "e" ? 0x0102 : nil }
        == [1, 2, 2, 1, 0, 0, 0, 0, 0, 0, 9, 9])
    #expect(throws: ScriptData.Failure.noEvent(name: "e")) {
      try data.bytes(maximum: 12, readFile: noFile)
    }
    #expect(throws: ScriptData.Failure.self) {
      try data.bytes(maximum: 11, readFile: noFile) { _ in 0 }
    }
  }

  @Test("a buffer is made, its address stands in data, and requests and expectations name it")
  func buffers() throws {
    let script = try Script(
      #"""
      open \\.\Echo as h
      buffer block fill:01:8
      buffer list address:block+address:0x10+address:0xFFFF800000000000
      ioctl h 0x800 in list out block
      write block at 4
      read h block
      expect buffer block zero:8
      expect buffer zero:8
      """#)
    #expect(
      script.actions.map(\.kind).dropFirst() == [
        .buffer(name: "block", .data(.fill(byte: 1, count: 8))),
        .buffer(
          name: "list",
          .data(
            .joined([
              .address(name: "block"), .bytes([0x10, 0, 0, 0, 0, 0, 0, 0]),
              .bytes([0, 0, 0, 0, 0, 0x80, 0xFF, 0xFF]),
            ]))),
        .send(
          ScriptRequest(
            handle: "h",
            operation: .control(
              IoControlCode(bits: 0x800), input: .named("list"), output: .named("block"))),
          isAsynchronous: false),
        .send(
          ScriptRequest(handle: nil, operation: .write(.named("block"), offset: 4)),
          isAsynchronous: false),
        .send(
          ScriptRequest(handle: "h", operation: .read(.named("block"), offset: nil)),
          isAsynchronous: false),
        .expect(.buffer(.fill(byte: 0, count: 8), name: "block")),
        .expect(.buffer(.fill(byte: 0, count: 8))),
      ])
    #expect(script.actions[1].word == "buffer" && script.actions[1].handle == nil)
  }

  @Test("the address of a buffer is eight bytes of data")
  func address() throws {
    let data = ScriptData.joined([.address(name: "b"), .bytes([9])])
    #expect(data.byteCount == 9)
    let noFile = { (path: String) throws(ScriptData.Failure) -> [UInt8] in
      throw .unreadable(path: path, reason: "")
    }
    #expect(
      try data.bytes(maximum: 9, readFile: noFile, address: { $0 == "b" ? 0x0102 : nil })
        == [2, 1, 0, 0, 0, 0, 0, 0, 9])
    #expect(throws: ScriptData.Failure.noBuffer(name: "b")) {
      try data.bytes(maximum: 9, readFile: noFile)
    }
  }

  @Test(
    "a request may state any length and any address",
    arguments: [
      (
        "read 16 length 0xFFFFFFFF",
        ScriptRequest.Operation.read(.stated(.length(16), length: 0xFFFF_FFFF), offset: nil)
      ),
      (
        "read pointer 0xFFFF800000000000 length 8 at 512",
        .read(.stated(.pointer(0xFFFF_8000_0000_0000), length: 8), offset: 512)
      ),
      ("write pointer 0 length 0", .write(.stated(.pointer(0), length: 0), offset: nil)),
      (
        #"write "a" length 4096 at 1"#,
        .write(.stated(.data(.bytes([0x61])), length: 4096), offset: 1)
      ),
      (
        "ioctl 0x222003 out 8 length 1 in pointer 0x1000 length 64",
        .control(
          IoControlCode(bits: 0x222003), input: .stated(.pointer(0x1000), length: 64),
          output: .stated(.length(8), length: 1))
      ),
    ])
  func lies(line: String, operation: ScriptRequest.Operation) throws {
    #expect(
      try kind(line)
        == .send(ScriptRequest(handle: nil, operation: operation), isAsynchronous: false))
  }

  @Test(
    "an event without a new name, or one that nobody made, is refused",
    arguments: [
      "event", "event 1", "event h", "event as", "event e\nevent e", "write handle:e",
      "event e\nwrite handle:f", "event e\nopen x as e", "write hex:00+",
    ])
  func badEvents(line: String) {
    #expect(throws: ScriptError.self) { try Script("open x as h\n\(line)") }
  }

  @Test(
    "every form of read and write is read",
    arguments: [
      ("read 16", ScriptRequest.Operation.read(.length(16), offset: nil)),
      ("read 0x10 at 0x100", .read(.length(16), offset: 256)),
      (#"read "abc""#, .read(.data(.bytes([0x61, 0x62, 0x63])), offset: nil)),
      ("read fill:aA:4294967296", .read(.data(.fill(byte: 0xAA, count: 1 << 32)), offset: nil)),
      ("write hex:00fF10 at 5", .write(.data(.bytes([0, 255, 16])), offset: 5)),
      ("write hex:", .write(.data(.bytes([])), offset: nil)),
      (#"write """#, .write(.data(.bytes([])), offset: nil)),
      ("write zero:4096", .write(.data(.fill(byte: 0, count: 4096)), offset: nil)),
      ("write file:a/b.bin", .write(.data(.file(path: "a/b.bin")), offset: nil)),
      (
        #"write file:"a b" at 9223372036854775807"#,
        .write(.data(.file(path: "a b")), offset: 1 << 63 - 1)
      ),
      (
        #"write wide:"aé\u{1F600}""#,
        .write(.data(.bytes([0x61, 0, 0xE9, 0, 0x3D, 0xD8, 0, 0xDE])), offset: nil)
      ),
    ])
  func readWrite(line: String, operation: ScriptRequest.Operation) throws {
    #expect(
      try kind(line)
        == .send(ScriptRequest(handle: nil, operation: operation), isAsynchronous: false))
  }

  @Test(
    "the escapes of a text are replaced",
    arguments: [
      (#""a\n\r\t\0\\\"""#, [0x61, 0x0A, 0x0D, 0x09, 0, 0x5C, 0x22] as [UInt8]),
      (#""\x00\xff\x41""#, [0, 255, 0x41]),
      (#""\u{e9}é""#, [0xC3, 0xA9, 0xC3, 0xA9]),
      (##""# no comment""##, Array("# no comment".utf8)),
    ])
  func escapes(text: String, bytes: [UInt8]) throws {
    #expect(
      try kind("write \(text)")
        == .send(
          ScriptRequest(handle: nil, operation: .write(.data(.bytes(bytes)), offset: nil)),
          isAsynchronous: false))
  }

  @Test("every form of ioctl is read, in either order")
  func control() throws {
    let code = IoControlCode(bits: 0x222000)
    let input = Buffer.data(.bytes([1]))
    let cases: [(String, Buffer?, Buffer?)] = [
      ("ioctl 0x222000", nil, nil),
      ("ioctl h 2236416 in hex:01", input, nil),
      ("ioctl 0x222000 out 8", nil, .length(8)),
      ("ioctl h 0x222000 in hex:01 out fill:00:2", input, .data(.fill(byte: 0, count: 2))),
      ("ioctl 0x222000 out 8 in hex:01", input, .length(8)),
    ]
    for (line, input, output) in cases {
      guard case .send(let request, false) = try kind(line) else {
        Issue.record("\(line) is no request")
        continue
      }
      #expect(request.operation == .control(code, input: input, output: output))
      #expect(request.handle == (line.contains(" h ") ? "h" : nil))
      #expect(request.word == "ioctl")
    }
  }

  @Test("asynchronous requests, and what is done with them, are read")
  func asynchronous() throws {
    let read = ScriptRequest(handle: "h", operation: .read(.length(4), offset: nil))
    #expect(try kind("async read h 4") == .send(read, isAsynchronous: true))
    #expect(try kind("wait") == .wait(handle: nil))
    #expect(try kind("wait h") == .wait(handle: "h"))
    #expect(try kind("cancel h") == .cancel(handle: "h"))
    #expect(try kind("close") == .close(handle: nil))
    #expect(try kind("unload") == .unload)
  }

  @Test("every expectation and every report is read")
  func expectations() throws {
    #expect(try kind("expect status STATUS_BUFFER_TOO_SMALL") == .expect(.status(.bufferTooSmall)))
    #expect(try kind("expect status 0xC0000023") == .expect(.status(.bufferTooSmall)))
    #expect(try kind("expect information 5") == .expect(.information(5)))
    #expect(try kind("expect data hex:01") == .expect(.data(.bytes([1]))))
    #expect(try kind("expect buffer zero:3") == .expect(.buffer(.fill(byte: 0, count: 3))))
    for subject in Subject.allCases {
      #expect(try kind("show \(subject.rawValue)") == .show(subject))
    }
  }

  @Test("blank lines, comments, tabs and any line ending are skipped; lines keep their numbers")
  func lines() throws {
    let script = try Script(
      "\u{FEFF}# first\r\n\r\n\topen\tx#1  # comment\r\n   \n  read 1 \n#end")
    #expect(script.actions.map(\.line) == [3, 5])
    #expect(script.actions.map(\.text) == ["open\tx#1  # comment", "read 1"])
    #expect(script.actions.map(\.word) == ["open", "read"])
    #expect(try Script("").actions.isEmpty)
    #expect(try Script(bytes: Array("unload".utf8)).actions.count == 1)
  }

  @Test("lines can come one by one, and a mistake does not end the conversation")
  func conversation() throws {
    var parser = ScriptParser()
    #expect(throws: ScriptError.self) { try parser.action("read 5") }
    #expect(try parser.action("# nothing") == nil)
    #expect(try parser.action(#"open \\.\Echo"#) != nil)
    let action = try parser.action("read 5")
    #expect(action?.line == 4)
  }
}

@Suite struct ScriptDataTests {
  typealias Failure = ScriptData.Failure

  func noFile(_ path: String) throws(Failure) -> [UInt8] {
    throw .unreadable(path: path, reason: "not here")
  }

  @Test("data has a size without its bytes, and gives its bytes up to a limit")
  func limits() throws {
    let huge = ScriptData.fill(byte: 7, count: 1 << 32)
    #expect(huge.byteCount == 4_294_967_296)
    #expect(throws: Failure.tooLarge(count: 1 << 32, maximum: 100)) {
      try huge.bytes(maximum: 100, readFile: noFile)
    }
    let small = ScriptData.fill(byte: 7, count: 3)
    #expect(try small.bytes(maximum: 3, readFile: noFile) == [7, 7, 7])
    #expect(throws: Failure.self) { try small.bytes(maximum: -1, readFile: noFile) }
    #expect(ScriptData.file(path: "x").byteCount == nil)
    #expect(throws: Failure.unreadable(path: "x", reason: "not here")) {
      try ScriptData.file(path: "x").bytes(maximum: 9, readFile: noFile)
    }
    let read = try ScriptData.file(path: "x").bytes(maximum: 9) { (_) throws(Failure) in [1, 2] }
    #expect(read == [1, 2])
  }
}
