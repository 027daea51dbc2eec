extension BuildJob {
  /// What makes the code that of a Windows kernel driver.
  static let codeFlags = [
    "--target=x86_64-pc-windows-msvc",
    "-ffreestanding",
    // -ffreestanding leaves them out, and exceptions are unwound by them.
    "-fasynchronous-unwind-tables",
    "-mno-implicit-float",
    // Microsoft's compiler takes no advantage of null pointers and signed overflow.
    "-fno-delete-null-pointer-checks", "-fwrapv", "-fno-strict-aliasing",
    "-nostdlibinc",
  ]

  /// Keeps functions apart that are not declared inline: Microsoft's compiler moves none from one section
  /// to another, so that a pageable function stays pageable.
  static let inlineFlag = "-finline-hint-functions"

  /// What makes code look at the shadow of memory before each access.
  ///
  /// It does so by calls: an address that no memory has is then looked at nowhere, and faults as it would
  /// without.
  static let sanitizerFlags = [
    "-Xclang", "-fsanitize=kernel-address", "-Xclang", "-fsanitize-address-use-after-scope",
    "-mllvm", "-asan-stack=1", "-mllvm", "-asan-globals=1",
    "-mllvm", "-asan-instrumentation-with-call-threshold=0",
    "-mllvm", "-asan-kernel-mem-intrinsic-prefix=1",
    // Sources that have the same constant would each define its indicator.
    "-mllvm", "-asan-use-odr-indicator=0",
    // Variables that nobody has set are no accident of what was on the stack before.
    "-ftrivial-auto-var-init=pattern",
    // Stacks name each function that was called.
    inlineFlag, "-fno-optimize-sibling-calls",
  ]

  /// What Microsoft's compiler accepts without a word at its usual level.
  static let toleranceFlags = [
    "-Wno-nonportable-include-path", "-Wno-unknown-pragmas", "-Wno-ignored-pragmas",
    "-Wno-ignored-pragma-intrinsic", "-Wno-pragma-pack", "-Wno-microsoft", "-Wno-multichar",
    "-Wno-four-char-constants", "-Wno-pointer-sign", "-Wno-switch", "-Wno-extra-tokens",
    "-Wno-invalid-token-paste", "-Wno-deprecated-non-prototype", "-Wno-error=int-conversion",
    "-Wno-error=implicit-int",
    // A PETHREAD * for a PVOID * is usual there; other functions or lost constness are not.
    "-Wno-incompatible-pointer-types", "-Wincompatible-pointer-types-discards-qualifiers",
    "-Wincompatible-function-pointer-types", "-Wno-error=incompatible-function-pointer-types",
  ]

  private static let usualDefines = [
    "_AMD64_", "AMD64", "_KERNEL_MODE=1", "WINNT=1", "WIN32=100", "_NT1X_=100", "DEVL=1",
    "STD_CALL",
    "CONDITION_HANDLING=1", "NT_INST=0", "UNICODE", "_UNICODE", "_WIN32_WINNT=0x0A00",
    "WINVER=0x0A00", "NTDDI_VERSION=0x0A000010",
  ]

  /// The macros that the Windows Driver Kit's build defines, unless the user defines them.
  static func definesFlags(besides chosen: [String]) -> [String] {
    let names = Set(chosen.map(macroName))
    return usualDefines.filter { !names.contains(macroName($0)) }.map { "-D" + $0 }
  }

  private static func macroName(_ define: String) -> String {
    String(define.prefix { $0 != "=" && $0 != "(" })
  }
}
