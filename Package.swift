// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

let cSettings: [CSetting] = [.define("_GNU_SOURCE")]

let package = Package(
  name: "Ring3",
  products: [
    .library(name: "Ring3", targets: ["Ring3", "DriverBuild", "Reports"]),
    .library(name: "Ring3Testing", targets: ["Ring3Testing"]),
    .executable(name: "ring3", targets: ["ring3"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // MARK: The C boundary
    .target(name: "CDriverKit", cSettings: cSettings),
    .target(name: "CRing3", cSettings: cSettings),
    .target(
      name: "CRing3Exports", dependencies: ["CRing3"], exclude: ["lists"], cSettings: cSettings),
    .target(name: "CDriverFiles", exclude: ["framework", "support"]),

    // MARK: Values without a machine
    .target(name: "NTTypes", swiftSettings: settings),
    .target(name: "PortableExecutable", dependencies: ["NTTypes"], swiftSettings: settings),
    .target(name: "Script", dependencies: ["NTTypes"], swiftSettings: settings),
    .target(
      name: "DriverBuild", dependencies: ["CDriverFiles", "PortableExecutable"],
      swiftSettings: settings),

    // MARK: The system, lowest layer first
    .target(
      name: "Machine", dependencies: ["CDriverKit", "CRing3", "NTTypes"], swiftSettings: settings),
    .target(name: "Rtl", dependencies: ["Machine"], swiftSettings: settings),
    .target(
      name: "Memory", dependencies: ["CDriverKit", "CRing3", "Machine", "NTTypes"],
      swiftSettings: settings),
    .target(name: "Objects", dependencies: ["Memory", "Rtl"], swiftSettings: settings),
    .target(name: "IOManager", dependencies: ["Objects"], swiftSettings: settings),
    .target(
      name: "Hardware", dependencies: ["IOManager"], swiftSettings: settings),
    .target(
      name: "SystemServices", dependencies: ["IOManager"], swiftSettings: settings),
    .target(
      name: "PlugAndPlay", dependencies: ["Hardware", "SystemServices"], swiftSettings: settings),
    .target(
      name: "Framework",
      dependencies: ["PlugAndPlay", "Hardware", "SystemServices", "CRing3Exports"],
      swiftSettings: settings),
    .target(
      name: "SwiftDrivers", dependencies: ["Framework"], swiftSettings: settings),
    .target(
      name: "Image", dependencies: ["PortableExecutable", "IOManager", "CRing3Exports"],
      swiftSettings: settings),

    // MARK: The door
    .target(
      name: "Ring3",
      dependencies: [
        "Image", "Hardware", "PlugAndPlay", "SystemServices", "Framework", "SwiftDrivers",
        "DriverBuild",
      ],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: ["Ring3", .product(name: "Mustache", package: "swift-mustache")],
      swiftSettings: settings),
    .target(
      name: "Ring3Testing", dependencies: ["Ring3", "DriverBuild"], swiftSettings: settings),
    .executableTarget(
      name: "ring3",
      dependencies: [
        "Ring3", "Reports", "Script", "DriverBuild", "PortableExecutable", "CRing3Exports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Ring3CLI",
      swiftSettings: settings,
      // Drivers in Swift are libraries that use the modules of the program which loads them.
      linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"])]),

    // MARK: Benchmarks
    .target(name: "CBenchPeers", path: "Benchmarks/Sources/CBenchPeers"),
    .executableTarget(
      name: "ring3-bench", dependencies: ["CBenchPeers", "Ring3"],
      path: "Benchmarks/Sources/Ring3Bench", swiftSettings: settings),

    // MARK: Samples
    .target(
      name: "SampleDrivers", dependencies: ["Ring3"], path: "Samples",
      exclude: ["Echo/echo.c", "Echo/echo.h", "Echo/wdfecho.c"], swiftSettings: settings),

    // MARK: Tests
    .target(
      name: "CRing3TestSupport", path: "Tests/CRing3TestSupport", cSettings: cSettings),
    .testTarget(
      name: "CRing3Tests", dependencies: ["CRing3", "CRing3TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "DriverBuildTests", dependencies: ["DriverBuild", "PortableExecutable"],
      swiftSettings: settings),
    .testTarget(
      name: "CDriverKitTests", dependencies: ["CDriverKit", "Ring3", "TestSupport"],
      swiftSettings: settings),
    .target(
      name: "MachineTestSupport", path: "Tests/MachineTestSupport", cSettings: cSettings),
    .testTarget(
      name: "MachineTests",
      dependencies: [
        "CDriverKit", "CRing3", "Machine", "MachineTestSupport", "Ring3", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ImageTests",
      dependencies: [
        "Image", "Machine", "CDriverKit", "CRing3", "CRing3TestSupport", "CRing3Exports",
        "DriverBuild", "PortableExecutable",
      ], exclude: ["Exceptions/Drivers"], swiftSettings: settings),
    .testTarget(
      name: "MemoryTests",
      dependencies: [
        "CDriverKit", "CRing3", "Machine", "Memory", "NTTypes", "Ring3", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(name: "NTTypesTests", dependencies: ["NTTypes"], swiftSettings: settings),
    .testTarget(
      name: "PortableExecutableTests", dependencies: ["PortableExecutable", "NTTypes"],
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Ring3", "DriverBuild"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "IOManagerTests",
      dependencies: [
        "Ring3", "TestSupport", "IOManager", "Objects", "Memory", "Machine", "CRing3", "CDriverKit",
        "NTTypes",
      ], swiftSettings: settings),
    .testTarget(
      name: "FrameworkTests",
      dependencies: [
        "Ring3", "DriverBuild", "TestSupport", "Framework", "Hardware", "IOManager", "Memory",
        "Machine", "CRing3",
        "CDriverKit", "NTTypes",
      ], swiftSettings: settings),
    .testTarget(
      name: "HardwareTests",
      dependencies: [
        "Ring3", "TestSupport", "Hardware", "IOManager", "Objects", "Memory", "Machine", "CRing3",
        "CDriverKit", "NTTypes",
      ], swiftSettings: settings),
    .testTarget(
      name: "SwiftDriversTests",
      dependencies: ["Ring3", "Ring3Testing", "SampleDrivers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "PlugAndPlayTests", dependencies: ["Ring3", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "Ring3Tests", dependencies: ["Ring3", "Ring3Testing", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DefectTests", dependencies: ["Ring3", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "Ring3TestingTests", dependencies: ["Machine", "Ring3Testing", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "Ring3CLITests", dependencies: ["ring3", "Reports"], swiftSettings: settings),
    .target(name: "CRtlTestSupport", path: "Tests/CRtlTestSupport", cSettings: cSettings),
    .testTarget(
      name: "RtlTests", dependencies: ["Rtl", "CRtlTestSupport", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SystemServicesTests", dependencies: ["Ring3", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ScriptTests", dependencies: ["Script", "NTTypes"], swiftSettings: settings),
  ]
)
