import type { SlackMessage } from './slack.ts'

/** The message as a terminal can show it: what stands in its blocks, one below the other, marked off at the left. */
export function slackText({ blocks }: SlackMessage): string {
  return blocks
    .map((block) => (block.type === 'context' ? block.elements.map(({ text }) => text).join('  ') : block.text.text))
    .map((text) =>
      text
        .replaceAll(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    )
    .join('\n\n')
    .split('\n')
    .map((line) => `  │ ${line}`.trimEnd())
    .join('\n')
}
