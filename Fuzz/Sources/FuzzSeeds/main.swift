import Foundation

// Writes inputs to begin with: fuzz-seeds FOLDER makes FOLDER/images and FOLDER/scripts.

let root = URL(fileURLWithPath: CommandLine.arguments.dropFirst().first ?? "Corpus")

func write(_ bytes: [UInt8], _ name: String) throws {
  let file = root.appending(path: name)
  try FileManager.default.createDirectory(
    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(bytes).write(to: file)
}

let code = Array(repeating: UInt8(0x90), count: 64)
try write(ImageBuilder(code: code).build(), "images/plain")

var imports = ImageBuilder(code: code)
imports.addImports(module: "ntoskrnl.exe", names: ["IoCreateDevice", nil, "DbgPrint"])
try write(imports.build(), "images/imports")

var relocations = ImageBuilder(code: code)
relocations.addRelocations(page: 0x1000, entries: [0xA008, 0xA010, 0])
try write(relocations.build(), "images/relocations")

var functions = ImageBuilder(code: code)
functions.addFunctions(
  [(0x1000, 0x1010), (0x1010, 0x1020)],
  unwind: [9, 4, 2, 5, 4, 0x32, 1, 0x50] + bytes(UInt32(0x1020)) + bytes(UInt32(1)))
try write(functions.build(), "images/functions")

var exports = ImageBuilder(code: code)
let base = exports.nextAddress
var table = Array(repeating: UInt8(0), count: 12) + bytes(base + 60) + bytes(UInt32(1))
table += bytes(UInt32(2)) + bytes(UInt32(1)) + bytes(base + 40) + bytes(base + 48)
table += bytes(base + 52) + bytes(UInt32(0x1000)) + bytes(base + 60) + bytes(base + 60)
table += [0, 0, 0, 0, 0, 0, 0, 0] + text("a.sys")
exports.add(".edata", table)
exports.directories[0] = (base, UInt32(table.count))
try write(exports.build(), "images/exports")

var tables = ImageBuilder(code: code)
let start = tables.nextAddress
var data = bytes(UInt32(0x130)) + Array(repeating: UInt8(0), count: 0x54)
data += bytes(tables.base + 0x1000) + Array(repeating: 0, count: 0x10)
data += bytes(tables.base + 0x1000) + bytes(tables.base + 0x1000) + bytes(tables.base + 0x1000)
data += bytes(UInt64(1)) + bytes(UInt32(0x500)) + Array(repeating: 0, count: 0x9C)
data += bytes(tables.base + 0x1000) + bytes(tables.base + 0x1100) + bytes(UInt64(0))
data += bytes(tables.base + 0x1000) + bytes(UInt64(0)) + bytes(UInt64(0))
tables.add(".rdata", data)
tables.directories[10] = (start, 0x130)
tables.directories[9] = (start + 0x130, 40)
tables.directories[6] = (start, 28)
tables.directories[2] = (start, 28)
try write(tables.build(), "images/tables")

var texts = ImageBuilder(code: code)
texts.addDelayedImports(module: "netio.sys", names: ["First"])
texts.addVersion([("FileDescription", "x")])
let record = Array("RSDS".utf8) + Array(1...16) + bytes(UInt32(3)) + text("a.pdb")
let entry = Array(repeating: UInt8(0), count: 12) + bytes(UInt32(2)) + bytes(UInt32(record.count))
let place = UInt32(texts.build().count)
let debug = texts.add(".rdata", entry + bytes(UInt32(0)) + bytes(place + 28) + record)
texts.directories[6] = (debug, 28)
try write(texts.build(), "images/texts")

var chained = ImageBuilder(code: code)
let pdata = chained.nextAddress
let second = bytes(UInt32(0x1000)) + bytes(UInt32(0x1010)) + bytes(pdata + 28)
chained.addFunctions([(0x1000, 0x1010)], unwind: [0x21, 0, 0, 0] + second + [2, 0, 0, 0])
try write(chained.build(), "images/chained")

var symbols = ImageBuilder(code: code)
symbols.symbolTable =
  Array("Alpha\0\0\0".utf8) + bytes(UInt32(16)) + [1, 0, 0x20, 0, 2, 0]
  + [0, 0, 0, 0, 4, 0, 0, 0] + bytes(UInt32(32)) + [1, 0, 0x20, 0, 2, 0]
symbols.symbolCount = 2
symbols.trailer = bytes(UInt32(14)) + text("LongName1")
try write(symbols.build(), "images/symbols")

try write(
  Array(
    #"""
    open \\.\Echo as h readwrite   # comment
    write h "a\n\x41\u{e9}" at 5
    async read h 0x10
    wait h
    cancel h
    ioctl 0x222000 in hex:00ff out fill:ab:16
    expect status STATUS_BUFFER_TOO_SMALL
    expect information 5
    expect data wide:"x"
    expect buffer zero:4294967296
    write file:"a b"
    show pool
    close h
    unload
    """#.utf8), "scripts/all")
try write(Array("open \"\\\\.\\A B\" read\nread 5\nexpect status 0x0\n".utf8), "scripts/short")
