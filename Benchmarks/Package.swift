// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Benchmarks",
  products: [.executable(name: "ring3-bench", targets: ["ring3-bench"])],
  dependencies: [.package(name: "Ring3", path: "..")],
  targets: [
    .target(name: "CBenchPeers"),
    .executableTarget(
      name: "ring3-bench",
      dependencies: ["CBenchPeers", .product(name: "Ring3", package: "Ring3")],
      path: "Sources/Ring3Bench",
      swiftSettings: settings),
  ]
)
