"""What every table shares."""

from __future__ import annotations

from peewee import AutoField, DatabaseProxy, Model

database = DatabaseProxy()
"""Stands in for the one database of this process until `models.database.open_database` names it.

Peewee binds tables to a database when they are declared; nothing but the tables refers to this.
"""


class Table(Model):
    """A table of the desk; writes only what was changed, so that two people's edits do not undo each other.

    Peewee makes `id`, and a number beside each foreign key (`agency_id` beside `agency`), by itself; the bare
    annotations of the tables only name them for the type checker.
    """

    id: AutoField[int]

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True
