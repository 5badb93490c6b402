// Names in a watched database are not ours to trust: they may hold escape sequences, or characters that reorder or hide text.

/** Controls, invisible format characters (bidirectional overrides, zero width), line separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** One line of text in which nothing acts on the terminal: every such character is written as `\u{…}`. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

/** The lines of a text (SQL, mostly), each {@link printable}; tabs become two spaces. */
export function printableLines(text: string): string[] {
  return text
    .replaceAll('\t', '  ')
    .split(/\r?\n/)
    .map((line) => printable(line))
}

/** At most `most` UTF-16 units, the last one an ellipsis where something was cut. Never leaves half a surrogate pair. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
