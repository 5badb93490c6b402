import { styleText } from 'node:util'

export type Style = 'red' | 'yellow' | 'green' | 'magenta' | 'bold' | 'dim'

/** Colours a text, or leaves it alone. */
export type Paint = (style: Style | Style[], text: string) => string

/** Whoever calls has decided about colour, so the streams and the environment are not asked again. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text
}

/**
 * A paragraph with a hanging indent: broken at spaces so that it stays within `width`, words left whole. The first line starts with
 * `first`, the others with as many spaces.
 */
export function paragraph(first: string, text: string, width: number): string[] {
  const indent = ' '.repeat(first.length)
  const lines: string[] = []
  let line = first
  for (const word of text.split(' ')) {
    const isEmpty = line.length === first.length
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent + word
    } else {
      line += isEmpty ? word : ` ${word}`
    }
  }
  return [...lines, line]
}
