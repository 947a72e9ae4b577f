-- The tables for analysts, in DuckDB (tried with 1.5).
--
--   duckdb -init docs/duckdb.sql            over out/lake, from the top of the project
--
-- For a bucket: INSTALL and LOAD httpfs and aws, CREATE SECRET (TYPE s3, PROVIDER credential_chain), and the variable
-- set to s3://bucket/prefix. docs/data-dictionary.md says what each column means, docs/queries.md what can be asked.

SET VARIABLE lake = 'out/lake';

-- dt and channel stand in the path. A query that names a day reads no other day's files; that is why the columns are
-- those of the first file, and not gathered from all (union_by_name).
CREATE OR REPLACE VIEW chats AS
SELECT *
FROM read_parquet(
  getvariable('lake') || '/curated/chats/dt=*/channel=*/chats.parquet',
  hive_partitioning = true,
  hive_types = {'dt': DATE, 'channel': VARCHAR}
);

CREATE OR REPLACE VIEW metrics AS
SELECT *
FROM read_parquet(
  getvariable('lake') || '/curated/metrics/dt=*/metrics.parquet',
  hive_partitioning = true,
  hive_types = {'dt': DATE}
);

-- A file a month: no path says the day, so that a query of one day reads them all. They are small.
CREATE OR REPLACE VIEW days AS
SELECT *
FROM read_parquet(
  getvariable('lake') || '/curated/days/month=*/days.parquet',
  hive_partitioning = true,
  hive_types = {'month': VARCHAR}
);

CREATE OR REPLACE VIEW changes AS
SELECT *
FROM read_parquet(
  getvariable('lake') || '/curated/changes/month=*/changes.parquet',
  hive_partitioning = true,
  hive_types = {'month': VARCHAR}
);
