import Machine

// `rand` of Microsoft's C runtime: 15 bits of a linear congruential generator, one for the machine.

@c(r3_rand)
package func crtRand() -> Int32 {
  let state = Machine.current.runtime
  state.pointee.randomSeed = state.pointee.randomSeed &* 214_013 &+ 2_531_011
  return Int32(state.pointee.randomSeed >> 16 & 0x7FFF)
}

@c(r3_srand)
package func crtSrand(_ seed: UInt32) {
  Machine.current.runtime.pointee.randomSeed = seed
}
