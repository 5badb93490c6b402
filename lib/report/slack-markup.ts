// Text as Slack reads it: docs.slack.dev/messaging/formatting-message-text. Names from a database stay text and nothing else.
import { printable, shorten } from './printable.ts'

/** `verbatim`: Slack must not make links or mentions of what looks like them. */
export type Markdown = { type: 'mrkdwn'; text: string; verbatim: true }

export function markdown(text: string): Markdown {
  return { type: 'mrkdwn', text, verbatim: true }
}

/** Slack's limit for the text of a section. */
const MOST_SECTION = 3000
const MOST_BULLETS = 10
const MOST_LINE = 240

/** The three characters that Slack gives a meaning to; without them there is no `<!channel>`, no `<@U…>` and no link. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Foreign text on one line, in code marks so that `*`, `_` and `:` in names stay what they are. A backtick would end them. */
export function quote(text: string): string {
  return `\`${escapeSlack(shorten(printable(text).replaceAll('`', 'ˋ'), MOST_LINE))}\``
}

/** A title and its bullets, as many as fit; the rest is counted. */
export function listText(title: string, lines: readonly string[]): string {
  let text = title
  for (const [index, line] of lines.entries()) {
    const bullet = `\n• ${line}`
    const more = `\n…and ${lines.length - index} more`
    if (index >= MOST_BULLETS || text.length + bullet.length + more.length > MOST_SECTION) return text + more
    text += bullet
  }
  return text
}
