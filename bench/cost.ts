// What a month costs: quantities times prices, nothing more.
import { PRICES, type Price, type PriceName } from './prices.ts'

/** How much of it in a month. `what`: in the words of a bill. */
export type Item = { what: string; price: PriceName; quantity: number }

export type Line = Item & { usd: number }

/** `list`: as if nothing were free. `afterFree`: in an account that uses its monthly allowances for this alone. */
export type Bill = { lines: Line[]; list: number; afterFree: number }

export const HOURS_A_MONTH = 730

/** The bill for a month. Allowances are taken once for all items of a price. */
export function billOf(items: readonly Item[]): Bill {
  const lines = items.map((item) => ({ ...item, usd: item.quantity * PRICES[item.price].usd }))
  const used = Map.groupBy(items, ({ price }) => price)
  const afterFree = [...used].reduce((sum, [name, all]) => {
    const price: Price = PRICES[name]
    const quantity = all.reduce((total, item) => total + item.quantity, 0)
    return sum + Math.max(0, quantity - (price.free ?? 0)) * price.usd
  }, 0)
  return { lines, list: lines.reduce((sum, { usd }) => sum + usd, 0), afterFree }
}

/** The bill as a table in Markdown, dearest first; what is below a cent stands together in one line. */
export function formatBill(title: string, { lines, list, afterFree }: Bill): string {
  const sorted = lines.toSorted((a, b) => b.usd - a.usd)
  const small = sorted.filter(({ usd }) => usd < 0.01)
  const rows = sorted
    .filter(({ usd }) => usd >= 0.01)
    .map(({ what, price, quantity, usd }) => [what, `${amount(quantity)} × ${PRICES[price].unit}`, money(usd)])
  const rest = small.reduce((sum, { usd }) => sum + usd, 0)
  return [
    `| ${title} | in a month | dollars |`,
    '| --- | --- | ---: |',
    ...[
      ...rows,
      ...(small.length === 0 ? [] : [[small.map(({ what }) => what).join(', '), 'below a cent each', money(rest)]]),
      ['**together**', 'list price', `**${money(list)}**`],
      ['', "with every account's monthly allowances", `**${money(afterFree)}**`],
    ].map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n')
}

function money(usd: number): string {
  return usd.toFixed(2)
}

function amount(quantity: number): string {
  return quantity.toLocaleString('en-US', { maximumFractionDigits: quantity < 100 ? 1 : 0 })
}
