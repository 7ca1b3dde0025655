import type { Migration } from './index.ts'

/** The first form of a project: blobs, trees of revisions, jobs. */
export const project: Migration = {
  number: 1,
  sql: `
    -- What the project is called: id, title.
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    -- Bytes by their SHA-256. A rowid table, so that rows can still be read one by one when the index of ids is damaged.
    CREATE TABLE blobs (
      number INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
      bytes INTEGER NOT NULL,
      zstd BLOB NOT NULL
    ) STRICT;

    -- Whole documents, each with the command that made it. Rows are added, never changed. document and command are
    -- JSON, compressed with zstd; seal is the SHA-256 of the rest of the row.
    CREATE TABLE revisions (
      id INTEGER PRIMARY KEY,
      parent INTEGER REFERENCES revisions (id),
      branch INTEGER NOT NULL REFERENCES branches (id) DEFERRABLE INITIALLY DEFERRED,
      kind TEXT NOT NULL,
      label TEXT NOT NULL,
      at INTEGER NOT NULL,
      command BLOB NOT NULL,
      document BLOB NOT NULL,
      seal BLOB NOT NULL,
      CHECK (parent IS NULL OR parent < id)
    ) STRICT;

    CREATE TABLE branches (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      tip INTEGER NOT NULL REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED
    ) STRICT;

    -- Where the artist stands: one row.
    CREATE TABLE head (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      branch INTEGER NOT NULL REFERENCES branches (id),
      revision INTEGER NOT NULL REFERENCES revisions (id)
    ) STRICT;

    CREATE TABLE versions (revision INTEGER PRIMARY KEY REFERENCES revisions (id), name TEXT NOT NULL) STRICT;
    CREATE TABLE thumbnails (revision INTEGER PRIMARY KEY REFERENCES revisions (id), blob BLOB NOT NULL) STRICT;

    -- plan is what the job was given when it was asked for; progress and fault are JSON.
    CREATE TABLE jobs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      label TEXT NOT NULL,
      kind TEXT NOT NULL,
      plan TEXT NOT NULL,
      status TEXT NOT NULL,
      progress TEXT,
      fault TEXT,
      revision INTEGER REFERENCES revisions (id),
      created_at INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT;
  `,
}
