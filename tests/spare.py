"""A PostgreSQL database that one test after another uses, emptied in between.

To make a new one for each test costs ten times as long as the test.
"""

from __future__ import annotations

import os
from typing import Any

import psycopg

from models.schema import HISTORY

SHAPE = f"""
    SELECT md5(string_agg(part, '|' ORDER BY part)) FROM (
        SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull) AS part
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws(' ', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, convalidated) FROM pg_constraint
        UNION ALL SELECT concat_ws(' ', setdatabase, setrole, setconfig) FROM pg_db_role_setting
        UNION ALL SELECT concat_ws(' ', indexrelid::regclass, indisvalid) FROM pg_index WHERE indisvalid IS FALSE
        UNION ALL SELECT to_jsonb(done)::text FROM {HISTORY} AS done
    ) AS parts
"""
"""What a test may have changed besides rows: then the database is not used again."""

LARGE = 1 << 18

EMPTY = f"""
    DO $$ DECLARE name text;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '{HISTORY}' LOOP
            IF pg_relation_size(name::regclass) > {LARGE} THEN EXECUTE format('TRUNCATE %I CASCADE', name);
            ELSE EXECUTE format('DELETE FROM %I', name); END IF;
        END LOOP;
        FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
            EXECUTE format('ALTER SEQUENCE %I RESTART', name);
        END LOOP;
    END $$
"""
"""Rows of small files are deleted one by one, which is quicker; without looking for what refers to them."""


class Spare:
    """Lends one database with all tables at a time; whoever left more than rows behind had it for the last time."""

    def __init__(self, server: Any, template: str) -> None:
        """`server` is a connection in autocommit, `template` the name of the database to copy."""
        self._server = server
        self._template = template
        self._name = ""
        self._inside: Any = None
        self._was = ""

    def lend(self) -> str:
        """The name of an empty database with all tables."""
        if not self._name:
            self._name = f"spare_{os.urandom(6).hex()}"
            self._server.execute(f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
            self._inside = psycopg.connect(self._server.info.dsn, dbname=self._name, autocommit=True)
            self._was = self._look()
        return self._name

    def take_back(self) -> None:
        """End who is still in it, and empty it; drop it if its tables are not what they were."""
        self._inside.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if self._look() == self._was:
            self._inside.execute(EMPTY)
        else:
            self.close()

    def close(self) -> None:
        """Drop it."""
        if self._name:
            self._inside.close()
            self._server.execute(f"DROP DATABASE {self._name} WITH (FORCE)")
            self._name = ""

    def _look(self) -> str:
        try:
            return str(self._inside.execute(SHAPE).fetchone()[0])
        except psycopg.Error as broken:
            return str(broken)
