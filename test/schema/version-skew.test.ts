import { expect, test } from 'vitest'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { withoutExtensionVersions } from '../../lib/schema/version-skew.ts'

const withExtension = (serverVersion: string, version: string, schema = 'public'): Catalog => ({
  serverVersion,
  objects: [{ class: 'extension', name: 'vector', path: ['vector'], attributes: { schema, version } }],
})

const named = (serverVersion: string, name: object): Catalog => ({
  serverVersion,
  objects: [{ class: 'column', name: 't.a', path: ['t', 'a'], attributes: { type: 'text', notNull: true, ...name } }],
})

test('the version of an extension is compared between equal packages only', () => {
  const [live, older] = [withExtension('17.10', '0.8.0'), withExtension('17.10', '0.7.4')]
  expect(diffCatalogs(older, live)).toMatchObject([{ kind: 'changed', attributes: ['version'] }])
  const other = withExtension('18.4', '0.8.1')
  expect([...diffCatalogs(other, live), ...diffCatalogs(live, other)]).toEqual([])
  const replayed = withoutExtensionVersions(withExtension('17.10', '0.8.1'))
  expect([...diffCatalogs(replayed, live), ...diffCatalogs(live, replayed)]).toEqual([])
})

test('where it is, is compared all the same', () => {
  const replayed = withoutExtensionVersions(withExtension('18.6', '0.8.1', 'extensions'))
  expect(diffCatalogs(replayed, withExtension('17.10', '0.8.0'))).toMatchObject([{ attributes: ['schema'] }])
})

test('the name of a NOT NULL constraint is compared where both majors keep one', () => {
  const [old, fresh] = [named('17.10', {}), named('18.4', { notNullName: 'said' })]
  expect([...diffCatalogs(old, fresh), ...diffCatalogs(fresh, old)]).toEqual([])
  expect(diffCatalogs(named('18.4', {}), fresh)).toMatchObject([{ attributes: ['notNullName'] }])
})
