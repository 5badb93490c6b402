import { describe, expect, test } from 'vitest'
import { finding, unknown, verdict, type Finding } from '../../lib/finding.ts'
import { advance } from '../../lib/incident/incident.ts'
import { slackMessage, type SlackBlock, type SlackMessage } from '../../lib/report/slack.ts'
import type { Run } from '../../lib/run.ts'
import { defaultChanged, HOSTILE_NAME, indexMissing, NOW, sampleRun } from './sample-run.ts'

function messageOf(run: Run): SlackMessage {
  return slackMessage(run, advance(null, run.verdicts, NOW).notices, { now: NOW })!
}

function withFindings(...findings: Finding[]): Run {
  return { ...sampleRun, verdicts: [verdict('schema', 'production', 1, findings)] }
}

function drift(name: string, change: Partial<Finding> = {}): Finding {
  return finding('production', 'schema.changed', {
    subject: { class: 'table', name },
    summary: `table ${name} differs`,
    ...change,
  })
}

function sections(message: SlackMessage): string[] {
  return message.blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : []))
}

function isWithinLimits(block: SlackBlock): boolean {
  switch (block.type) {
    case 'header':
      return block.text.text.length <= 150
    case 'section':
      return block.text.text.length > 0 && block.text.text.length <= 3000
    case 'context':
      return block.elements.length <= 10
    default:
      return block satisfies never
  }
}

/** Slack's limits: docs.slack.dev/reference/block-kit/blocks. */
function expectWithinLimits(message: SlackMessage): void {
  expect(message.blocks.length).toBeLessThanOrEqual(50)
  expect(message.text.length).toBeGreaterThan(0)
  expect(message.blocks.filter((block) => !isWithinLimits(block))).toEqual([])
}

describe('what it says', () => {
  const message = messageOf(sampleRun)

  test('in its first line: the project, how much, where, how bad', () => {
    expect(message.text).toBe('🔴 app: 5 new in staging, production (1 critical)')
    expect(message.blocks[0]).toEqual({ type: 'header', text: { type: 'plain_text', text: message.text, emoji: true } })
  })

  test('each thing with its place and what to do, the critical first', () => {
    const production = sections(message).find((text) => text.startsWith('🔴 *New in production*'))!
    expect(production.split('\n')[1]).toBe('• *CRITICAL* `index public.users_email_idx is missing from the database`')
    expect(production).toContain('→ apply the missing migrations here')
    expect(sections(message)).toContainEqual(
      expect.stringContaining('• could not check schema: `reading the catalog at'),
    )
  })

  test('how everything stands now', () => {
    expect(sections(message)).toContainEqual(
      '*Now*\n• production: schema 3 findings, ledger 1 finding, archive clean\n• staging: schema could not be checked, ledger clean, archive clean\n• migrations folder: folder clean',
    )
  })

  test('a day later: what is still open, what is over, what got worse', () => {
    const { state } = advance(null, sampleRun.verdicts, NOW)
    const later = new Date(NOW.getTime() + 25 * 3_600_000)
    const verdicts = [
      verdict('ledger', 'production', 1, []),
      verdict('schema', 'staging', 1, []),
      verdict('schema', 'production', 1, [indexMissing, { ...defaultChanged, severity: 'critical' }]),
    ]
    const { notices } = advance(state, verdicts, later)
    const texts = sections(slackMessage({ ...sampleRun, verdicts }, notices, { now: later })!)
    expect(texts.slice(0, -1)).toEqual([
      '🔴 *Changed in production*\n• *CRITICAL* `column public.orders.status has another default than the migrations gave it` (was warning), open for 1 d 1 h',
      '🟠 *Still open in production*\n• *CRITICAL* `index public.users_email_idx is missing from the database`, open for 1 d 1 h',
      '🟢 *Resolved in production*\n• `production is 1 migration behind staging: 0005_invoice`, was open for 1 d 1 h',
      '🟢 *Resolved in staging*\n• schema can be checked again, after 1 d 1 h',
    ])
  })
})

describe('when there is nothing new', () => {
  test('it says nothing', () => {
    expect(slackMessage(sampleRun, [], { now: NOW })).toBeNull()
  })

  test('it says so to whoever asks', () => {
    const message = slackMessage(sampleRun, [], { now: NOW, always: true })!
    expect(message.text).toBe('🟢 app: nothing new')
    expectWithinLimits(message)
  })

  test('a problem of the run is told all the same', () => {
    const message = slackMessage({ ...sampleRun, problems: ['the <store> is away'] }, [], {
      now: NOW,
      remarks: ['`ls`'],
    })!
    expect(message.text).toBe('🟠 app: 2 could not be done')
    expect(sections(message)[0]).toBe('*Could not be done*\n• `the &lt;store&gt; is away`\n• `ˋlsˋ`')
  })
})

describe('names from a database', () => {
  test.each([
    ['a mention of everybody', '<!channel>', '&lt;!channel&gt;'],
    ['a mention of somebody', '<@U012AB3CD>', '&lt;@U012AB3CD&gt;'],
    ['a link', '<https://evil.example|click>', '&lt;https://evil.example|click&gt;'],
    ['an entity', '&lt;!channel&gt;', '&amp;lt;!channel&amp;gt;'],
    ['the end of the code mark', '`<!here>`', 'ˋ&lt;!here&gt;ˋ'],
    ['a line of its own', 'a\n• *CRITICAL* all', String.raw`a\u{a}• *CRITICAL* all`],
    ['text turned around', 'a\u202eb', String.raw`a\u{202e}b`],
  ])('cannot be %s', (_name, evil, harmless) => {
    const json = JSON.stringify(messageOf(withFindings(drift(evil))))
    expect(json).toContain(JSON.stringify(`• \`table ${harmless} differs\``).slice(1, -1))
  })

  test('leave no angle bracket but that of the date, nor a bare name outside of code marks', () => {
    const evil = drift(HOSTILE_NAME)
    const run: Run = {
      ...sampleRun,
      verdicts: [verdict('schema', 'production', 1, [evil]), unknown('ledger', 'production', 1, HOSTILE_NAME)],
      problems: [HOSTILE_NAME],
    }
    const message = messageOf(run)
    expect(JSON.stringify(message).match(/<[^^]*/g)).toEqual(['<!date'])
    for (const text of sections(message)) expect(text.replaceAll(/`[^`]*`/g, '')).not.toContain('evil')
  })

  test('are not turned into links or mentions by Slack itself', () => {
    const texts = messageOf(sampleRun).blocks.flatMap((block) =>
      block.type === 'section' ? [block.text] : block.type === 'context' ? block.elements : [],
    )
    expect(texts.length).toBeGreaterThan(3)
    expect(texts.every(({ verbatim }) => verbatim)).toBe(true)
  })
})

describe("Slack's limits hold", () => {
  test.each([
    ['ten thousand findings', withFindings(...Array.from({ length: 10_000 }, (_, index) => drift(`t${index}`)))],
    [
      'names that grow five-fold when escaped',
      withFindings(...Array.from({ length: 12 }, (_, index) => drift(`${index}${'&'.repeat(5000)}`))),
    ],
    ['names of emoji', withFindings(...Array.from({ length: 12 }, (_, index) => drift(`${index}${'😀'.repeat(500)}`)))],
    [
      'names of controls',
      withFindings(...Array.from({ length: 12 }, (_, index) => drift(`${index}${'\u202e'.repeat(500)}`))),
    ],
    [
      'two hundred environments',
      {
        ...sampleRun,
        verdicts: Array.from({ length: 200 }, (_, index) =>
          verdict('ledger', `environment-with-a-long-name-${index}`, 1, [
            finding(`environment-with-a-long-name-${index}`, 'ledger.behind', {
              subject: { class: 'migration', name: 'x' },
              summary: 'behind',
            }),
          ]),
        ),
      },
    ],
    [
      'a hundred problems',
      { ...withFindings(indexMissing), problems: Array.from({ length: 100 }, () => '<'.repeat(900)) },
    ],
  ])('with %s', (_name, run) => {
    const message = messageOf(run)
    expectWithinLimits(message)
    expect(JSON.stringify(message)).toMatch(/…and \d+ more/)
    expect(JSON.parse(JSON.stringify(message))).toEqual(message)
  })

  test('what is left out is counted', () => {
    const many = withFindings(...Array.from({ length: 10_000 }, (_, index) => drift(`t${index}`)))
    expect(sections(messageOf(many))[0]).toMatch(/\n…and 9990 more$/)
  })

  test('a name is not cut inside of a character or an entity', () => {
    const text = sections(messageOf(withFindings(drift(`${'x'.repeat(225)}😀😀😀`), drift('&'.repeat(500)))))[0]!
    expect(text).not.toMatch(/\p{Cs}/u)
    expect(text.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&')
  })
})
