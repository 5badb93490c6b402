// Finds the statements that would end the transaction in which Drizzle runs the migrations.

/** No alternative repeats a group: a string of megabytes must not overflow the stack. A doubled quote makes two strings, which is as good. */
const TOKEN =
  /--[^\n]*|\/\*|[eE]'|'[^']*(?:'|$)|"[^"]*(?:"|$)|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\s+|[^]/y

const ENDS_TRANSACTION = /^(?:COMMIT|END|ABORT|ROLLBACK(?! (?:WORK |TRANSACTION )?TO\b)|PREPARE TRANSACTION)\b/
const MAKES_ROUTINE = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/

/**
 * The first statement of a chunk that ends a transaction, as its first words (`COMMIT`), or null. Comments, strings, quoted names and
 * dollar-quoted bodies are skipped, and `BEGIN ATOMIC … END` is followed as psql does (psqlscan.l): a COMMIT in a procedure is no fault.
 */
export function transactionEnd(chunk: string): string | null {
  let words: string[] = []
  let parentheses = 0
  let blocks = 0
  const found = () => {
    const start = words.join(' ')
    return ENDS_TRANSACTION.test(start) ? start : null
  }
  for (const token of tokens(chunk)) {
    if (token === '(') parentheses++
    else if (token === ')') parentheses = Math.max(0, parentheses - 1)
    else if (token === ';' && parentheses === 0 && blocks === 0) {
      if (found() !== null) return found()
      words = []
    } else if (/^\w/.test(token)) {
      const word = token.toUpperCase()
      if (words.length < 4) words.push(word)
      if (parentheses === 0 && MAKES_ROUTINE.test(words.join(' '))) blocks = depthAfter(word, blocks)
    }
  }
  return found()
}

function depthAfter(word: string, blocks: number): number {
  switch (word) {
    case 'BEGIN':
      return blocks + 1
    case 'CASE':
      return blocks > 0 ? blocks + 1 : 0
    case 'END':
      return Math.max(0, blocks - 1)
    default:
      return blocks
  }
}

/** Words and signs; what is quoted or a comment is left out. */
function* tokens(text: string): Generator<string> {
  let position = 0
  while (position < text.length) {
    TOKEN.lastIndex = position
    const token = TOKEN.exec(text)?.[0] ?? ''
    const start = position
    position += token.length
    if (token === '/*') position = endOfComment(text, start)
    else if (/^e'/i.test(token)) position = endOfEscapedString(text, position)
    else if (token.length > 1 && token.startsWith('$')) position = endOfDollarQuote(text, token, position)
    else if (/^(?:[A-Za-z_\u0080-\uffff][^']*|[();])$/.test(token)) yield token
  }
}

/** Comments nest in Postgres (manual, 4.1.5). */
function endOfComment(text: string, start: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  let depth = 0
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return text.length
}

/** In E'…' a backslash takes the next character with it (manual, 4.1.2.2). */
function endOfEscapedString(text: string, start: number): number {
  const mark = /\\[^]|'/g
  mark.lastIndex = start
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0] !== "'") continue
    if (text[mark.lastIndex] !== "'") return mark.lastIndex
    mark.lastIndex++
  }
  return text.length
}

function endOfDollarQuote(text: string, tag: string, position: number): number {
  const end = text.indexOf(tag, position)
  return end === -1 ? text.length : end + tag.length
}
