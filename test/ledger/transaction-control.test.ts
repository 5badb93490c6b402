import { expect, test } from 'vitest'
import { transactionEnd } from '../../lib/ledger/transaction-control.ts'

test.each([
  ['COMMIT', 'COMMIT'],
  ['BEGIN; CREATE TABLE t (); commit and chain;', 'COMMIT AND CHAIN'],
  ['/* a /* nested */ comment */ END;', 'END'],
  ['SELECT 1; -- fine\nABORT', 'ABORT'],
  ['rollback', 'ROLLBACK'],
  ["PREPARE TRANSACTION 'x'", 'PREPARE TRANSACTION'],
  ["SELECT E'\\''; COMMIT; --'", 'COMMIT'],
  ["SELECT '\\'; COMMIT; --'", 'COMMIT'],
  ["SELECT e'it''s \\\\'; COMMIT", 'COMMIT'],
  ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; COMMIT', 'COMMIT'],
])('%s ends the transaction', (chunk, words) => {
  expect(transactionEnd(chunk)).toBe(words)
})

test.each([
  '',
  'BEGIN; SELECT 1',
  'ROLLBACK TO SAVEPOINT s; ROLLBACK WORK TO s',
  'SELECT \'a; COMMIT; b\', "; COMMIT; "',
  '-- COMMIT\n/* COMMIT; /* COMMIT */ ; COMMIT */ SELECT 1',
  'CREATE PROCEDURE p() LANGUAGE plpgsql AS $body$ BEGIN INSERT INTO t VALUES ($1); COMMIT; END $body$;',
  'DO $$ BEGIN END $$; SELECT 1',
  'CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3',
  'CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);',
  'CREATE TABLE a$b$ (commit int, "end" int); SELECT commit FROM a$b$',
  "PREPARE plan AS SELECT 1; SELECT 'unterminated; COMMIT",
  'COMMENT ON TABLE t IS $x$ ; COMMIT; $x$',
])('%s does not', (chunk) => {
  expect(transactionEnd(chunk)).toBeNull()
})

test('a value of megabytes is no matter', () => {
  for (const value of ["x''", '\\', 'E']) {
    expect(transactionEnd(`INSERT INTO t VALUES (E'${value.repeat(2_000_000)}'); COMMIT`)).toBe('COMMIT')
  }
})
