// swift-tools-version: 6.2
import PackageDescription

// The targets are links to the sources of the root package: they are compiled here a second time,
// with the instrumentation that leads the fuzzer.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-sanitize=fuzzer"]),
]
let plain: [SwiftSetting] = [.swiftLanguageMode(.v6)]
let linker: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer"])]

let package = Package(
  name: "Fuzz",
  targets: [
    .target(name: "NTTypes", swiftSettings: settings),
    .target(name: "PortableExecutable", dependencies: ["NTTypes"], swiftSettings: settings),
    .target(name: "Script", dependencies: ["NTTypes"], swiftSettings: settings),
    .target(name: "FuzzImages", dependencies: ["PortableExecutable"], swiftSettings: settings),
    .target(name: "FuzzScripts", dependencies: ["Script"], swiftSettings: settings),
    .executableTarget(
      name: "fuzz-images", dependencies: ["FuzzImages"], linkerSettings: linker),
    .executableTarget(
      name: "fuzz-scripts", dependencies: ["FuzzScripts"], linkerSettings: linker),
    .executableTarget(
      name: "fuzz-seeds", path: "Sources/FuzzSeeds", swiftSettings: plain),
  ]
)
