// What stands in parentheses behind CREATE TYPE, AGGREGATE, OPERATOR and TEXT SEARCH PARSER: manual, "SQL Commands".
import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import { has, text } from './fact-text.ts'

/** Its keyword, and the fact that it is told by. */
type Option = readonly [keyword: string, fact: string, how?: 'literal']

export const RANGE_OPTIONS: readonly Option[] = [
  ['SUBTYPE', 'subtype'],
  ['SUBTYPE_OPCLASS', 'operatorClass'],
  ['COLLATION', 'collation'],
  ['CANONICAL', 'canonical'],
  ['SUBTYPE_DIFF', 'subtypeDiff'],
  ['MULTIRANGE_TYPE_NAME', 'multirange'],
]

export const BASE_TYPE_OPTIONS: readonly Option[] = [
  ['INPUT', 'input'],
  ['OUTPUT', 'output'],
  ['RECEIVE', 'receive'],
  ['SEND', 'send'],
  ['TYPMOD_IN', 'typmodIn'],
  ['TYPMOD_OUT', 'typmodOut'],
  ['ANALYZE', 'analyze'],
  ['SUBSCRIPT', 'subscript'],
  ['INTERNALLENGTH', 'length'],
  ['PASSEDBYVALUE', 'byValue'],
  ['ALIGNMENT', 'alignment'],
  ['STORAGE', 'storage'],
  ['CATEGORY', 'category', 'literal'],
  ['PREFERRED', 'preferred'],
  ['DEFAULT', 'default', 'literal'],
  ['ELEMENT', 'element'],
  ['DELIMITER', 'delimiter', 'literal'],
  ['COLLATABLE', 'collatable'],
]

export const PARSER_OPTIONS: readonly Option[] = [
  ['START', 'startFunction'],
  ['GETTOKEN', 'gettoken'],
  ['END', 'end'],
  ['HEADLINE', 'headline'],
  ['LEXTYPES', 'lextypes'],
]

export const AGGREGATE_OPTIONS: readonly Option[] = [
  ['SFUNC', 'sfunc'],
  ['STYPE', 'stype'],
  ['SSPACE', 'sspace'],
  ['FINALFUNC', 'finalfunc'],
  ['FINALFUNC_EXTRA', 'finalfuncExtra'],
  ['FINALFUNC_MODIFY', 'finalfuncModify'],
  ['COMBINEFUNC', 'combinefunc'],
  ['SERIALFUNC', 'serialfunc'],
  ['DESERIALFUNC', 'deserialfunc'],
  ['INITCOND', 'initcond', 'literal'],
  ['MSFUNC', 'msfunc'],
  ['MINVFUNC', 'minvfunc'],
  ['MSTYPE', 'mstype'],
  ['MSSPACE', 'msspace'],
  ['MFINALFUNC', 'mfinalfunc'],
  ['MFINALFUNC_EXTRA', 'mfinalfuncExtra'],
  ['MFINALFUNC_MODIFY', 'mfinalfuncModify'],
  ['MINITCOND', 'minitcond', 'literal'],
  ['SORTOP', 'sortop'],
  ['PARALLEL', 'parallel'],
]

export const OPERATOR_OPTIONS: readonly Option[] = [
  ['COMMUTATOR', 'commutator'],
  ['NEGATOR', 'negator'],
  ['RESTRICT', 'restrict'],
  ['JOIN', 'join'],
  ['HASHES', 'hashes'],
  ['MERGES', 'merges'],
]

/** Those of the known options that the object has, as CREATE takes them: `KEYWORD = value, …`. */
export function options(object: CatalogObject, known: readonly Option[]): string {
  return known
    .filter(([, fact]) => has(object, fact))
    .map(([keyword, fact, how]) => {
      if (object.attributes[fact] === true) return keyword
      const value = text(object, fact) ?? ''
      return `${keyword} = ${how === 'literal' ? pg.escapeLiteral(value) : value}`
    })
    .join(', ')
}
