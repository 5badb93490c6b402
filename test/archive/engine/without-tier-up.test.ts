import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** (module (func (export "spin") (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))) */
const SPIN = '0061736d0100000001050160017f0003020100070801047370696e00000a10010e000340200041016b22000d000b0b'
/** Of the same bytes V8 makes no second one. */
const TURN = SPIN.replace(Buffer.from('spin').toString('hex'), Buffer.from('turn').toString('hex'))
const SOURCE = new URL('../../../lib/archive/engine/without-tier-up.ts', import.meta.url).href

/** How many modules V8 optimised: one that is made as told, and one that is made afterwards as usual. */
function optimised(made: string): number {
  const program = `
    const { withoutTierUp } = await import(${JSON.stringify(SOURCE)})
    const make = (hex) => WebAssembly.instantiate(Buffer.from(hex, 'hex'))
    ;(await ${made}).instance.exports.spin(20_000_000)
    ;(await make('${TURN}')).instance.exports.turn(20_000_000)`
  const words = ['--trace-wasm-compilation-times', '--wasm-sync-tier-up', '--input-type=module', '--eval', program]
  return execFileSync(process.execPath, words, { encoding: 'utf8' }).match(/using TurboFan/g)?.length ?? 0
}

test('a module that is made so is not optimised where its work is small, and one made afterwards is as ever', () => {
  expect(optimised(`make('${SPIN}')`)).toBe(2)
  expect(optimised(`withoutTierUp(() => make('${SPIN}'))`)).toBe(1)
})
