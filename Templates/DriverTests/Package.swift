// swift-tools-version: 6.2
import PackageDescription

// Where Ring3 is: a repository, when RING3_URL names one, or else a folder, by default beside this one.
let url = Context.environment["RING3_URL"] ?? ""
let path = Context.environment["RING3_PATH"] ?? "../Ring3"
let ring3: Package.Dependency =
  url.isEmpty ? .package(name: "Ring3", path: path) : .package(url: url, branch: "main")

// A package is called by the last part of its URL or path.
let location = url.isEmpty ? path : url
let name = location.split(separator: "/").last.map(String.init) ?? "Ring3"

let package = Package(
  name: "DriverTests",
  dependencies: [ring3],
  targets: [
    .testTarget(
      name: "DriverTests",
      dependencies: [
        .product(
          name: "Ring3Testing", package: url.isEmpty ? "Ring3" : name.replacing(".git", with: ""))
      ])
  ]
)
