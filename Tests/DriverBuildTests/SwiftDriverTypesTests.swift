import Testing

@testable import DriverBuild

/// The scan for the type that is a driver.
struct SwiftDriverTypesTests {
  @Test(
    "finds declared conformances, wherever they stand",
    arguments: [
      ("final class A: SwiftDriver {}", ["A"]),
      ("public final class A<T>: Base, SwiftDriver where T: P {}", ["A"]),
      ("class A {}\nextension A: @unchecked Sendable, SwiftDriver { func f() {} }", ["A"]),
      ("enum Outer { struct Inner { final class A : SwiftDriver {} } }", ["Outer.Inner.A"]),
      ("extension Outer { final class A: Ring3.SwiftDriver {} }", ["Outer.A"]),
      ("final class A: SwiftDriver {}\nfinal class B: SwiftDriver {}", ["A", "B"]),
    ])
  func found(source: String, names: [String]) {
    #expect(SwiftDriverTypes.names(in: source) == names)
  }

  @Test(
    "finds nothing in comments, strings and other declarations",
    arguments: [
      "// class A: SwiftDriver {}",
      "/* class A: SwiftDriver {} /* class B: SwiftDriver {} */ class C: SwiftDriver {} */",
      #"let text = "class A: SwiftDriver {""#,
      "let text = \"\"\"\n  class A: SwiftDriver {\n  \"\"\"",
      ##"let text = #"a "quoted" class A: SwiftDriver {"#"##,
      #"let text = "\" class A: SwiftDriver {""#,
      "protocol Mine: SwiftDriver {}",
      "struct A { class func f() -> SwiftDriver { g() } }",
      "func f() { final class A: SwiftDriver {} }",
      "class A { let driver: any SwiftDriver }",
    ])
  func nothing(source: String) {
    #expect(SwiftDriverTypes.names(in: source).isEmpty)
  }
}
