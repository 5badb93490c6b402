import type { Metafile } from 'esbuild'

/** Bytes of JavaScript in a bundle, without source maps: what a function may have to load. */
export function bytesOf({ outputs }: Pick<Metafile, 'outputs'>): number {
  const scripts = Object.entries(outputs).filter(([path]) => /\.[cm]?js$/.test(path))
  return scripts.reduce((sum, [, { bytes }]) => sum + bytes, 0)
}
