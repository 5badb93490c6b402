// Two states of tables that have others below them, partitions or not, which differ from their parents in their own way.

export const BELOW_IS = `
  CREATE TABLE said (a int, b int DEFAULT 1, c text, d text) PARTITION BY LIST (a);
  ALTER TABLE said ALTER d SET STORAGE EXTERNAL;
  CREATE TABLE said_1 PARTITION OF said FOR VALUES IN (1); CREATE TABLE said_2 PARTITION OF said FOR VALUES IN (2);
  ALTER TABLE said_1 ALTER b SET DEFAULT 7; ALTER TABLE said_2 ALTER c SET NOT NULL;
  CREATE TABLE old (a date DEFAULT now(), b int NOT NULL); CREATE TABLE young (PRIMARY KEY (b)) INHERITS (old);
  ALTER TABLE young ALTER a SET DEFAULT '2020-01-01';
  CREATE TABLE keyed (a int NOT NULL) PARTITION BY LIST (a); CREATE TABLE keyed_1 PARTITION OF keyed (PRIMARY KEY (a)) FOR VALUES IN (1);
  CREATE TABLE two (a int, f int); CREATE TABLE two_1 (f int) INHERITS (two);
  CREATE TABLE moved (a int) PARTITION BY LIST (a);
  CREATE TABLE moved_1 PARTITION OF moved FOR VALUES IN (1); CREATE TABLE moved_2 PARTITION OF moved FOR VALUES IN (2);`

export const BELOW_SHOULD = `
  CREATE TABLE said (a int, b text, c text NOT NULL, d varchar, e text DEFAULT 'x') PARTITION BY LIST (a);
  ALTER TABLE said ALTER d SET STORAGE EXTERNAL;
  CREATE TABLE said_1 PARTITION OF said FOR VALUES IN (1); CREATE TABLE said_2 PARTITION OF said FOR VALUES IN (2);
  ALTER TABLE said_1 ALTER b SET DEFAULT 'seven', ALTER e SET DEFAULT 'y', ALTER d SET STORAGE MAIN; COMMENT ON COLUMN said_2.e IS 'its own';
  CREATE TABLE old (a date, b int); CREATE TABLE young (PRIMARY KEY (b)) INHERITS (old); ALTER TABLE young ALTER a SET DEFAULT '2020-01-01';
  CREATE TABLE keyed (a int) PARTITION BY LIST (a); CREATE TABLE keyed_1 PARTITION OF keyed (PRIMARY KEY (a)) FOR VALUES IN (1);
  CREATE TABLE two (a int); CREATE TABLE two_1 (f int) INHERITS (two);
  CREATE TABLE moved (a int) PARTITION BY LIST (a);
  CREATE TABLE moved_1 PARTITION OF moved FOR VALUES IN (2); CREATE TABLE moved_2 PARTITION OF moved FOR VALUES IN (1);`
