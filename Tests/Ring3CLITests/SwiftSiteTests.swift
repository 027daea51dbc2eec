import Foundation
import Testing

/// `ring3 verify` with drivers in Swift, which call the framework without imports.
extension CommandLineTests {
  private static let script = #"""
    open \\.\Hasty
    write "hello"
    write "world"
    close
    """#

  @Test func `verify finds nothing in a driver in Swift that bears being refused`()
    throws
  {
    try withFolder {
      let (status, sites, summary) = try verify("Hasty.swift", Self.script)
      #expect(status == 0 && summary["clean"] as? Int == sites.count, "\(sites)")
      let routines = Set(sites.compactMap { $0["routine"] as? String })
      #expect(
        routines.isSuperset(of: [
          "WdfControlDeviceInitAllocate", "WdfDeviceInitAssignName", "WdfDeviceCreate",
          "WdfDeviceCreateSymbolicLink", "WdfLookasideListCreate", "WdfIoQueueCreate",
          "ExAllocateFromLookasideListEx", "WdfMemoryCreate",
        ]), "\(routines)")
    }
  }

  @Test func `verify names the line of a driver in Swift that expects memory`() throws {
    try withFolder {
      let (status, sites, summary) = try verify("Hasty.swift", Self.script, "-DMISSING_CHECK")
      #expect(status == 3 && summary["crashes"] as? Int == 1, "\(sites)")
      let site = try #require(sites.first { $0["outcome"] as? String == "crash" })
      #expect(site["routine"] as? String == "WdfMemoryCreate" && site["tag"] as? String == "HasK")
      let stack = try #require(site["stack"] as? [String])
      #expect(
        stack.first?.contains("keep") == true && stack[0].contains("Hasty.swift:"), "\(stack)")
      #expect((site["bugCheck"] as? String)?.contains("0x0000001E") == true)
    }
  }

  @Test func `verify names the site at which a driver in Swift forgets a buffer`() throws {
    try withFolder {
      let (status, sites, summary) = try verify("Hasty.swift", Self.script, "-DLEAK")
      #expect(status == 3 && summary["leaks"] as? Int == 1, "\(sites)")
      let site = try #require(sites.first { $0["outcome"] as? String == "leak" })
      #expect(site["routine"] as? String == "WdfMemoryCreate")
      let left = try #require(site["left"] as? [String])
      #expect(left.contains { $0.contains("'HasL'") }, "\(left)")
    }
  }
}
