"""The first tables: agency, people, identities, mail, audit; and the search index of each engine."""

from peewee import (
    SQL,
    AutoField,
    BigAutoField,
    BigIntegerField,
    CharField,
    Check,
    ForeignKeyField,
    IntegerField,
    Model,
    NodeList,
    SmallIntegerField,
    TextField,
)


def number_given_once(db):
    """A primary key that SQLite, like PostgreSQL, does not give a second time."""

    class Numbered(AutoField):
        def ddl(self, ctx):
            made = super().ddl(ctx)
            return NodeList((made, SQL("AUTOINCREMENT"))) if is_sqlite(db) else made

    return Numbered()


def tables(db):
    """Frozen copies, so that later changes of the models never change what this script does."""

    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Installation(Table):
        id = IntegerField(primary_key=True, constraints=[Check('id = 1')])
        key_check = CharField(max_length=64, constraints=[Check('length(key_check) <= 64')])
        created_at = BigIntegerField()

    class Agency(Table):
        name = CharField(max_length=100, constraints=[Check('length(name) <= 100')])
        code = CharField(max_length=32, constraints=[Check('length(code) <= 32')])
        code_key = CharField(max_length=32, unique=True, constraints=[Check('length(code_key) <= 32')])
        address = TextField()
        phone = CharField(max_length=20, constraints=[Check('length(phone) <= 20')])
        email = CharField(max_length=254, constraints=[Check('length(email) <= 254')])
        portal_address = CharField(max_length=200, constraints=[Check('length(portal_address) <= 200')])
        profile = CharField(max_length=20, constraints=[Check('length(profile) <= 20')])
        adjustments = TextField()
        access_key_hash = CharField(max_length=64, constraints=[Check('length(access_key_hash) <= 64')])
        legacy_closes_at = BigIntegerField(null=True)
        created_at = BigIntegerField()
        version = IntegerField()

    class Office(Table):
        agency = ForeignKeyField(Agency, on_delete='CASCADE', index=False)
        name = CharField(max_length=100, constraints=[Check('length(name) <= 100')])
        name_key = CharField(max_length=200, constraints=[Check('length(name_key) <= 200')])

        class Meta:
            indexes = (
                (('agency', 'name_key'), True),
            )

    class OutboxMessage(Table):
        uuid = CharField(max_length=32, unique=True, constraints=[Check('length(uuid) <= 32')])
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        identity_id = IntegerField(index=True, null=True)
        purpose = CharField(max_length=20, constraints=[Check("purpose IN ('welcome', 'reset', 'temporary', 'password-changed', 'email-changed-old', 'email-changed-new', 'deactivated', 'reactivated', 'confirm-reset', 'sign-in-code', 'caller-code', 'kiosk-code', 'notice')")])
        to_address = CharField(max_length=254, constraints=[Check('length(to_address) <= 254')])
        to_name = CharField(max_length=201, constraints=[Check('length(to_name) <= 201')])
        details = TextField()
        state = CharField(max_length=20, constraints=[Check("state IN ('queued', 'deferred', 'sent', 'failed', 'superseded', 'expired')")])
        created_at = BigIntegerField()
        created_by = CharField(max_length=201, constraints=[Check('length(created_by) <= 201')])
        not_before = BigIntegerField()
        expires_at = BigIntegerField()
        attempts = IntegerField()
        lease_owner = CharField(max_length=64, constraints=[Check('length(lease_owner) <= 64')])
        lease_until = BigIntegerField(null=True)
        accepted_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)
        reply_code = IntegerField(null=True)
        reply_text = TextField()

        class Meta:
            indexes = (
                (('state', 'not_before', 'id'), False),
                (('agency', 'created_at'), False),
            )

    class Kiosk(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        office = ForeignKeyField(Office, on_delete='SET NULL', null=True)
        name = CharField(max_length=60, constraints=[Check('length(name) <= 60')])
        name_key = CharField(max_length=120, constraints=[Check('length(name_key) <= 120')])
        secret_hash = CharField(max_length=64, unique=True, constraints=[Check('length(secret_hash) <= 64')])
        theme = CharField(max_length=20, constraints=[Check('length(theme) <= 20')])
        enrolled_at = BigIntegerField()
        enrolled_by = CharField(max_length=201, constraints=[Check('length(enrolled_by) <= 201')])
        seen_at = BigIntegerField(null=True)
        revoked_at = BigIntegerField(null=True)
        revoked_by = CharField(max_length=201, constraints=[Check('length(revoked_by) <= 201')])

    class Identity(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        email = CharField(max_length=254, constraints=[Check('length(email) <= 254')])
        email_key = CharField(max_length=254, index=True, constraints=[Check('length(email_key) <= 254')])
        name = CharField(max_length=201, constraints=[Check('length(name) <= 201')])
        role = CharField(max_length=20, constraints=[Check("role IN ('client', 'agent', 'supervisor', 'administrator', 'auditor')")])
        state = CharField(max_length=20, constraints=[Check("state IN ('pending', 'active', 'deactivated')")])
        created_at = BigIntegerField()
        activated_at = BigIntegerField(null=True)
        state_changed_at = BigIntegerField()
        state_changed_by = CharField(max_length=201, constraints=[Check('length(state_changed_by) <= 201')])
        state_reason = TextField()
        cell = CharField(max_length=16, constraints=[Check('length(cell) <= 16')])
        terms_accepted_at = BigIntegerField(null=True)
        secured_at = BigIntegerField(null=True)
        version = IntegerField()

        class Meta:
            indexes = (
                (('agency', 'email_key'), True),
                (('agency', 'state', 'state_changed_at', 'id'), False),
            )

    class Membership(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', index=False)
        office = ForeignKeyField(Office, on_delete='CASCADE')

        class Meta:
            indexes = (
                (('identity', 'office'), True),
            )

    class SecurityAnswer(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', index=False)
        question = CharField(max_length=40, constraints=[Check('length(question) <= 40')])
        verifier = CharField(max_length=200, constraints=[Check('length(verifier) <= 200')])
        created_at = BigIntegerField()

        class Meta:
            indexes = (
                (('identity', 'question'), True),
            )

    class LegacyUser(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        office = ForeignKeyField(Office, on_delete='RESTRICT')
        user_name = CharField(max_length=100, constraints=[Check('length(user_name) <= 100')])
        user_key = CharField(max_length=200, constraints=[Check('length(user_key) <= 200')])
        verifier = CharField(max_length=300, constraints=[Check('length(verifier) <= 300')])
        email = CharField(max_length=254, constraints=[Check('length(email) <= 254')])
        email_key = CharField(max_length=254, index=True, constraints=[Check('length(email_key) <= 254')])
        state = CharField(max_length=20, constraints=[Check("state IN ('waiting', 'migrated')")])
        identity = ForeignKeyField(Identity, on_delete='SET NULL', null=True)
        migrated_at = BigIntegerField(null=True)
        last_sign_in_at = BigIntegerField(null=True)
        created_at = BigIntegerField()

        class Meta:
            indexes = (
                (('agency', 'office', 'user_key'), True),
            )

    class Credential(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', index=False)
        kind = CharField(max_length=20, constraints=[Check("kind IN ('password', 'temporary')")])
        verifier = CharField(max_length=200, constraints=[Check('length(verifier) <= 200')])
        created_at = BigIntegerField()
        expires_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (('identity', 'kind'), True),
            )

    class OneTimeToken(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE')
        message = ForeignKeyField(OutboxMessage, on_delete='RESTRICT', unique=True)
        purpose = CharField(max_length=20, constraints=[Check("purpose IN ('activate', 'reset', 'confirm-reset', 'undo-email', 'sign-in', 'caller', 'kiosk')")])
        state = CharField(max_length=20, constraints=[Check("state IN ('live', 'used', 'superseded', 'revoked')")])
        kiosk = ForeignKeyField(Kiosk, on_delete='CASCADE', null=True)
        address_key = CharField(max_length=254, index=True, constraints=[Check('length(address_key) <= 254')])
        link_hash = CharField(max_length=64, unique=True, constraints=[Check('length(link_hash) <= 64')])
        code_hash = CharField(max_length=64, constraints=[Check('length(code_hash) <= 64')])
        wrong_tries = IntegerField(constraints=[Check('wrong_tries BETWEEN 0 AND 5')])
        created_at = BigIntegerField()
        expires_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)

    class Session(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', null=True)
        legacy_user = ForeignKeyField(LegacyUser, on_delete='CASCADE', null=True)
        office = ForeignKeyField(Office, on_delete='SET NULL', null=True)
        limited = SmallIntegerField(constraints=[Check('limited IN (0, 1)')])
        awaits = CharField(max_length=20, null=True, constraints=[Check("awaits IN ('mailed-code', 'second-factor')")])
        by_temporary = SmallIntegerField(constraints=[Check('by_temporary IN (0, 1)')])
        ssh_key = CharField(max_length=60, constraints=[Check('length(ssh_key) <= 60')])
        locked_at = BigIntegerField(null=True)
        surface = CharField(max_length=20, constraints=[Check("surface IN ('desk', 'kiosk', 'portal', 'demo', 'command')")])
        place = CharField(max_length=200, constraints=[Check('length(place) <= 200')])
        created_at = BigIntegerField()
        last_seen_at = BigIntegerField()
        expires_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        ended_because = CharField(max_length=100, constraints=[Check('length(ended_because) <= 100')])

    class SecondFactor(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', index=False)
        state = CharField(max_length=20, constraints=[Check("state IN ('pending', 'active')")])
        sealed = CharField(max_length=200, constraints=[Check('length(sealed) <= 200')])
        last_step = BigIntegerField(null=True)
        created_at = BigIntegerField()
        confirmed_at = BigIntegerField(null=True)
        codes_kept_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (('identity', 'state'), True),
            )

    class RecoveryCode(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', index=False)
        code_hash = CharField(max_length=64, constraints=[Check('length(code_hash) <= 64')])
        created_at = BigIntegerField()
        used_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (('identity', 'code_hash'), True),
            )

    class CallerCheck(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        session = ForeignKeyField(Session, on_delete='CASCADE', index=False)
        identity = ForeignKeyField(Identity, on_delete='CASCADE')
        method = CharField(max_length=20, constraints=[Check("method IN ('questions', 'code', 'second-factor', 'override')")])
        level = IntegerField()
        token = ForeignKeyField(OneTimeToken, on_delete='CASCADE', null=True)
        reason = TextField()
        created_at = BigIntegerField()
        met_at = BigIntegerField(null=True)
        holds_until = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (('session', 'identity'), False),
            )

    class Approval(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        identity = ForeignKeyField(Identity, on_delete='CASCADE')
        action = CharField(max_length=40, constraints=[Check('length(action) <= 40')])
        reason = TextField()
        verified = CharField(max_length=300, constraints=[Check('length(verified) <= 300')])
        state = CharField(max_length=20, constraints=[Check("state IN ('waiting', 'granted', 'refused', 'used', 'withdrawn')")])
        asked_by = ForeignKeyField(Identity, on_delete='CASCADE')
        asked_at = BigIntegerField()
        expires_at = BigIntegerField()
        decided_by = ForeignKeyField(Identity, on_delete='SET NULL', null=True)
        decided_at = BigIntegerField(null=True)
        decided_reason = TextField()

        class Meta:
            indexes = (
                (('agency', 'state'), False),
            )

    class KnownPlace(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', index=False)
        place_key = CharField(max_length=64, constraints=[Check('length(place_key) <= 64')])
        first_at = BigIntegerField()
        last_at = BigIntegerField()

        class Meta:
            indexes = (
                (('identity', 'place_key'), True),
            )

    class BulkRun(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT')
        state = CharField(max_length=20, constraints=[Check("state IN ('running', 'paused', 'done')")])
        by = CharField(max_length=201, constraints=[Check('length(by) <= 201')])
        lease_owner = CharField(max_length=64, constraints=[Check('length(lease_owner) <= 64')])
        lease_until = BigIntegerField(null=True)
        started_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)

    class BulkRow(Table):
        run = ForeignKeyField(BulkRun, on_delete='CASCADE', index=False)
        client_id = IntegerField(null=True)
        staff_id = IntegerField(null=True)
        name = CharField(max_length=201, constraints=[Check('length(name) <= 201')])
        email = CharField(max_length=254, constraints=[Check('length(email) <= 254')])
        state = CharField(max_length=20, constraints=[Check("state IN ('waiting', 'created', 'refused')")])
        reason = TextField()
        done_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (('run', 'client_id'), True),
                (('run', 'staff_id'), True),
                (('run', 'state'), False),
            )

    class Preference(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', index=False)
        name = CharField(max_length=60, constraints=[Check('length(name) <= 60')])
        value = TextField()

        class Meta:
            indexes = (
                (('identity', 'name'), True),
            )

    class Throttle(Table):
        key = CharField(max_length=64, primary_key=True, constraints=[Check('length(key) <= 64')])
        count = IntegerField()
        window_from = BigIntegerField()
        next_at = BigIntegerField()

    class Upload(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        file_name = CharField(max_length=255, constraints=[Check('length(file_name) <= 255')])
        digest = CharField(max_length=64, constraints=[Check('length(digest) <= 64')])
        by = CharField(max_length=201, constraints=[Check('length(by) <= 201')])
        surface = CharField(max_length=20, constraints=[Check("surface IN ('desk', 'kiosk', 'portal', 'demo', 'command')")])
        started_at = BigIntegerField()
        finished_at = BigIntegerField(null=True)
        position = IntegerField()
        added = IntegerField()
        changed = IntegerField()
        unchanged = IntegerField()
        refused = IntegerField()
        undone_at = BigIntegerField(null=True)
        undone_by = CharField(max_length=201, constraints=[Check('length(undone_by) <= 201')])

        class Meta:
            indexes = (
                (('agency', 'digest'), False),
            )

    class Client(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        office = ForeignKeyField(Office, on_delete='SET NULL', index=False, null=True)
        identity = ForeignKeyField(Identity, on_delete='SET NULL', unique=True, null=True)
        upload = ForeignKeyField(Upload, on_delete='SET NULL', null=True)
        first_name = CharField(max_length=100, constraints=[Check('length(first_name) <= 100')])
        last_name = CharField(max_length=100, constraints=[Check('length(last_name) <= 100')])
        email = CharField(max_length=254, constraints=[Check('length(email) <= 254')])
        email_key = CharField(max_length=254, constraints=[Check('length(email_key) <= 254')])
        phone = CharField(max_length=16, constraints=[Check('length(phone) <= 16')])
        date_of_birth = CharField(max_length=10, null=True, constraints=[Check('length(date_of_birth) <= 10')])
        subscribed = SmallIntegerField(constraints=[Check('subscribed IN (0, 1)')])
        anniversary = SmallIntegerField()
        created_at = BigIntegerField()
        changed_at = BigIntegerField()
        changed_by = CharField(max_length=201, constraints=[Check('length(changed_by) <= 201')])
        version = IntegerField()
        search = TextField()
        name_key = CharField(max_length=402, constraints=[Check('length(name_key) <= 402')])
        birthday_key = SmallIntegerField()
        renewal_key = IntegerField()
        rate_key = IntegerField()
        access = SmallIntegerField(constraints=[Check('access BETWEEN 0 AND 4')])

        class Meta:
            indexes = (
                (('agency', 'email_key'), True),
            )

    class UploadChange(Table):
        upload = ForeignKeyField(Upload, on_delete='CASCADE', index=False)
        client = ForeignKeyField(Client, on_delete='CASCADE')
        before = TextField()
        version = IntegerField()

        class Meta:
            indexes = (
                (('upload', 'client'), True),
            )

    class UploadMapping(Table):
        agency = ForeignKeyField(Agency, on_delete='CASCADE', index=False)
        source = CharField(max_length=64, constraints=[Check('length(source) <= 64')])
        mapping = TextField()
        by = CharField(max_length=201, constraints=[Check('length(by) <= 201')])
        chosen_at = BigIntegerField()

        class Meta:
            indexes = (
                (('agency', 'source'), True),
            )

    class Property(Table):
        client = ForeignKeyField(Client, on_delete='CASCADE')
        address = TextField()
        value = BigIntegerField(null=True, constraints=[Check('value >= 0')])
        version = IntegerField()

    class Mortgage(Table):
        property = ForeignKeyField(Property, on_delete='CASCADE')
        lender = CharField(max_length=100, constraints=[Check('length(lender) <= 100')])
        balance = BigIntegerField(null=True, constraints=[Check('balance >= 0')])
        rate = BigIntegerField(null=True, constraints=[Check('rate BETWEEN 0 AND 100000')])
        renewal_on = CharField(max_length=10, null=True, constraints=[Check('length(renewal_on) <= 10')])
        anniversary_on = CharField(max_length=10, null=True, constraints=[Check('length(anniversary_on) <= 10')])
        term_months = SmallIntegerField(null=True, constraints=[Check('term_months BETWEEN 1 AND 480')])
        amortisation_months = SmallIntegerField(null=True, constraints=[Check('amortisation_months BETWEEN 1 AND 600')])
        payment = BigIntegerField(null=True, constraints=[Check('payment >= 0')])
        payment_every = CharField(max_length=20, null=True, constraints=[Check("payment_every IN ('monthly', 'semi-monthly', 'bi-weekly', 'bi-weekly faster', 'weekly', 'weekly faster')")])

    class StaffMember(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT')
        office = ForeignKeyField(Office, on_delete='SET NULL', null=True)
        identity = ForeignKeyField(Identity, on_delete='SET NULL', unique=True, null=True)
        first_name = CharField(max_length=100, constraints=[Check('length(first_name) <= 100')])
        last_name = CharField(max_length=100, constraints=[Check('length(last_name) <= 100')])
        email = CharField(max_length=254, constraints=[Check('length(email) <= 254')])
        email_key = CharField(max_length=254, constraints=[Check('length(email_key) <= 254')])
        cell = CharField(max_length=16, constraints=[Check('length(cell) <= 16')])
        role = CharField(max_length=20, constraints=[Check("role IN ('client', 'agent', 'supervisor', 'administrator', 'auditor')")])
        active = SmallIntegerField(constraints=[Check('active IN (0, 1)')])
        note = TextField()
        created_at = BigIntegerField()
        changed_at = BigIntegerField()
        changed_by = CharField(max_length=201, constraints=[Check('length(changed_by) <= 201')])
        version = IntegerField()
        search = TextField()
        name_key = CharField(max_length=402, constraints=[Check('length(name_key) <= 402')])
        access = SmallIntegerField(constraints=[Check('access BETWEEN 0 AND 4')])

    class KioskVisit(Table):
        kiosk = ForeignKeyField(Kiosk, on_delete='CASCADE', index=False)
        identity = ForeignKeyField(Identity, on_delete='SET NULL', null=True)
        step = CharField(max_length=20, null=True, constraints=[Check("step IN ('code', 'questions', 'second-factor')")])
        begun_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (('kiosk', 'ended_at'), False),
            )

    class StepRelease(Table):
        visit = ForeignKeyField(KioskVisit, on_delete='CASCADE', index=False)
        identity = ForeignKeyField(Identity, on_delete='CASCADE')
        step = CharField(max_length=20, constraints=[Check("step IN ('code', 'questions', 'second-factor')")])
        agent = ForeignKeyField(Identity, on_delete='CASCADE')
        verified = CharField(max_length=300, constraints=[Check('length(verified) <= 300')])
        created_at = BigIntegerField()
        expires_at = BigIntegerField()
        used_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (('visit', 'step'), False),
            )

    class HelpRequest(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT', index=False)
        office = ForeignKeyField(Office, on_delete='SET NULL', null=True)
        surface = CharField(max_length=20, constraints=[Check("surface IN ('desk', 'kiosk', 'portal', 'demo', 'command')")])
        place = CharField(max_length=200, constraints=[Check('length(place) <= 200')])
        visit = ForeignKeyField(KioskVisit, on_delete='SET NULL', null=True)
        identity = ForeignKeyField(Identity, on_delete='SET NULL', null=True)
        client = ForeignKeyField(Client, on_delete='SET NULL', null=True)
        staff = ForeignKeyField(StaffMember, on_delete='SET NULL', null=True)
        name = CharField(max_length=100, constraints=[Check('length(name) <= 100')])
        topic = CharField(max_length=200, constraints=[Check('length(topic) <= 200')])
        ticket_hash = CharField(max_length=64, unique=True, constraints=[Check('length(ticket_hash) <= 64')])
        state = CharField(max_length=20, constraints=[Check("state IN ('waiting', 'taken', 'closed')")])
        asked_at = BigIntegerField()
        seen_at = BigIntegerField()
        left_at = BigIntegerField(null=True)
        agent = ForeignKeyField(Identity, on_delete='SET NULL', null=True)
        answered_at = BigIntegerField(null=True)
        closed_at = BigIntegerField(null=True)
        closed_by = CharField(max_length=201, constraints=[Check('length(closed_by) <= 201')])
        lines = IntegerField()
        version = IntegerField()

        class Meta:
            indexes = (
                (('agency', 'state', 'id'), False),
                (('agency', 'answered_at'), False),
            )

    class HelpLine(Table):
        request = ForeignKeyField(HelpRequest, on_delete='CASCADE', index=False)
        number = IntegerField()
        author = CharField(max_length=20, constraints=[Check("author IN ('person', 'agent', 'note', 'desk')")])
        name = CharField(max_length=201, constraints=[Check('length(name) <= 201')])
        words = TextField()
        said_at = BigIntegerField()

        class Meta:
            indexes = (
                (('request', 'number'), True),
            )

    class SshKey(Table):
        agency = ForeignKeyField(Agency, on_delete='RESTRICT')
        identity = ForeignKeyField(Identity, on_delete='CASCADE')
        kind = CharField(max_length=60, constraints=[Check('length(kind) <= 60')])
        blob = TextField()
        fingerprint = CharField(max_length=60, constraints=[Check('length(fingerprint) <= 60')])
        comment = CharField(max_length=100, constraints=[Check('length(comment) <= 100')])
        bound_at = BigIntegerField()
        bound_by = CharField(max_length=201, constraints=[Check('length(bound_by) <= 201')])
        used_at = BigIntegerField(null=True)
        revoked_at = BigIntegerField(null=True)
        revoked_by = CharField(max_length=201, constraints=[Check('length(revoked_by) <= 201')])

    class Draft(Table):
        identity = ForeignKeyField(Identity, on_delete='CASCADE', index=False)
        form = CharField(max_length=60, constraints=[Check('length(form) <= 60')])
        about = CharField(max_length=60, constraints=[Check('length(about) <= 60')])
        sealed = TextField()
        kept_at = BigIntegerField()

        class Meta:
            indexes = (
                (('identity', 'form', 'about'), True),
            )

    class SessionReturn(Table):
        session = ForeignKeyField(Session, on_delete='CASCADE', unique=True)
        ticket_hash = CharField(max_length=64, unique=True, constraints=[Check('length(ticket_hash) <= 64')])
        made_at = BigIntegerField()
        expires_at = BigIntegerField()

    class AuditEntry(Table):
        id = BigAutoField()
        at = BigIntegerField()
        agency_id = IntegerField(null=True)
        actor_id = IntegerField(null=True)
        actor_name = CharField(max_length=201, constraints=[Check('length(actor_name) <= 201')])
        surface = CharField(max_length=20, constraints=[Check("surface IN ('desk', 'kiosk', 'portal', 'demo', 'command')")])
        place = CharField(max_length=200, constraints=[Check('length(place) <= 200')])
        action = CharField(max_length=40, constraints=[Check('length(action) <= 40')])
        client_id = IntegerField(index=True, null=True)
        staff_id = IntegerField(index=True, null=True)
        identity_id = IntegerField(index=True, null=True)
        subject = CharField(max_length=254, constraints=[Check('length(subject) <= 254')])
        result = CharField(max_length=20, constraints=[Check("result IN ('done', 'refused', 'failed')")])
        reason = TextField()
        details = TextField()
        search = TextField()
        mac = CharField(max_length=64, constraints=[Check('length(mac) <= 64')])

        class Meta:
            indexes = (
                (('agency_id', 'id'), False),
                (('at', 'id'), False),
            )

    class AuditHead(Table):
        id = IntegerField(primary_key=True, constraints=[Check('id = 1')])
        seq = BigIntegerField()
        mac = CharField(max_length=64, constraints=[Check('length(mac) <= 64')])
        seal = CharField(max_length=64, constraints=[Check('length(seal) <= 64')])

    Client.add_index(
        Client.index(
            Client.agency,
            Client.name_key,
            Client.id,
            Client.subscribed,
            Client.access,
            Client.office,
            Client.anniversary,
            Client.renewal_key,
            Client.rate_key,
            Client.birthday_key,
            Client.search,
            name="client_by_name",
        )
    )
    for name, columns in {
        "client_by_anniversary": (Client.anniversary, Client.id, Client.subscribed, Client.access, Client.office),
        "client_by_renewal": (Client.renewal_key, Client.id, Client.subscribed, Client.access, Client.office),
        "client_by_rate": (Client.rate_key, Client.id, Client.subscribed, Client.access, Client.office),
        "client_by_birthday": (Client.birthday_key, Client.id, Client.subscribed, Client.access, Client.office),
        "client_by_subscribed": (Client.subscribed, Client.name_key, Client.id, Client.access, Client.office),
        "client_by_access": (Client.access, Client.name_key, Client.id, Client.subscribed, Client.office),
        "client_by_office": (Client.office, Client.name_key, Client.id, Client.subscribed, Client.access),
    }.items():
        Client.add_index(Client.index(Client.agency, *columns, name=name))
    # What an upload added can be removed again, and the audit and open forms still know it by its number.
    for model in (Client, Property, Mortgage):
        model._meta.add_field("id", number_given_once(db))

    OneTimeToken.add_index(
        OneTimeToken.index(
            OneTimeToken.identity,
            OneTimeToken.purpose,
            unique=True,
            where=SQL("state = 'live' AND purpose <> 'undo-email'"),
            name="onetimetoken_one_live",
        )
    )
    Session.add_index(
        Session.index(
            Session.place,
            where=SQL("ended_at IS NULL"),
            name="session_open_here",
        )
    )
    Kiosk.add_index(
        Kiosk.index(
            Kiosk.agency,
            Kiosk.name_key,
            unique=True,
            where=SQL("revoked_at IS NULL"),
            name="kiosk_one_name",
        )
    )
    SshKey.add_index(
        SshKey.index(
            SshKey.fingerprint,
            unique=True,
            where=SQL("revoked_at IS NULL"),
            name="sshkey_one_owner",
        )
    )
    StaffMember.add_index(
        StaffMember.index(
            StaffMember.agency,
            StaffMember.email_key,
            unique=True,
            where=SQL("email_key <> ''"),
            name="staffmember_one_address",
        )
    )
    AuditEntry.add_index(
        AuditEntry.index(
            AuditEntry.subject,
            AuditEntry.at,
            where=SQL("agency_id IS NULL"),
            name="auditentry_unknown_code",
        )
    )
    AuditEntry.add_index(
        AuditEntry.index(
            AuditEntry.agency_id,
            AuditEntry.at,
            where=SQL("action IN ('reset_asked', 'reset_sent', 'temporary_sent')"),
            name="auditentry_reset",
        )
    )

    return [
        Installation,
        Agency,
        Office,
        OutboxMessage,
        Kiosk,
        Identity,
        Membership,
        SecurityAnswer,
        LegacyUser,
        Credential,
        OneTimeToken,
        Session,
        SecondFactor,
        RecoveryCode,
        CallerCheck,
        Approval,
        KnownPlace,
        BulkRun,
        BulkRow,
        Preference,
        Throttle,
        Upload,
        Client,
        UploadChange,
        UploadMapping,
        Property,
        Mortgage,
        StaffMember,
        KioskVisit,
        StepRelease,
        HelpRequest,
        HelpLine,
        SshKey,
        Draft,
        SessionReturn,
        AuditEntry,
        AuditHead,
    ]


# The text indexes hold all words of `client.search` but the first, with which the name begins and which the index by
# name finds. A word that continues the first one ("mariasmith" behind "maria") stands there as "~maria~smith", so that
# asking for "maria" does not meet everybody of that name: these indexes answer quickly who else has the word.
#
# No positions and no copy of the text: a search asks which rows hold a word that begins so, never where.
FIRST_END = "instr(substr({0}, 2) || ' ', ' ')"
WORDS = (
    "replace(substr({0}, 1 + " + FIRST_END + "), substr({0}, 1, " + FIRST_END + "), "
    "' ~' || substr({0}, 2, " + FIRST_END + " - 1) || '~')"
)
OLD, NEW = WORDS.format("old.search"), WORDS.format("new.search")

SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE client_search USING fts5(
        words, content='', columnsize=0, tokenize="ascii tokenchars '~'", detail='none', prefix='1 2 3 4')""",
    f"""CREATE TRIGGER client_search_insert AFTER INSERT ON client BEGIN
        INSERT INTO client_search(rowid, words) VALUES (new.id, {NEW});
    END""",
    f"""CREATE TRIGGER client_search_delete AFTER DELETE ON client BEGIN
        INSERT INTO client_search(client_search, rowid, words) VALUES ('delete', old.id, {OLD});
    END""",
    f"""CREATE TRIGGER client_search_update AFTER UPDATE OF search ON client WHEN old.search <> new.search BEGIN
        INSERT INTO client_search(client_search, rowid, words) VALUES ('delete', old.id, {OLD});
        INSERT INTO client_search(rowid, words) VALUES (new.id, {NEW});
    END""",
)

POSTGRESQL_SEARCH = (
    # Byte order, as on SQLite: both engines must show the same list in the same order.
    'ALTER TABLE client ALTER COLUMN name_key TYPE varchar(402) COLLATE "C"',
    'ALTER TABLE client ALTER COLUMN search TYPE text COLLATE "C"',
    """CREATE FUNCTION client_words(search text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_to_tsvector(string_to_array(trim(replace(
            substr(search, length(split_part(search, ' ', 2)) + 2),
            ' ' || split_part(search, ' ', 2),
            ' ~' || split_part(search, ' ', 2) || '~'
        )), ' '))
    $$""",
    # Without fastupdate, which would leave new words in a list that every search reads from end to end.
    "CREATE INDEX client_search ON client USING gin (client_words(search)) WITH (fastupdate = off)",
)

# The words of an entry stand in `search` as they are asked for, so these indexes take them as they stand. An entry
# stays as it was written.
SQLITE_AUDIT = (
    """CREATE VIRTUAL TABLE audit_entry_search USING fts5(
        words, content='', columnsize=0, tokenize="ascii tokenchars '~_'", detail='none', prefix='1 2 3 4')""",
    """CREATE TRIGGER audit_entry_search_insert AFTER INSERT ON audit_entry BEGIN
        INSERT INTO audit_entry_search(rowid, words) VALUES (new.id, new.search);
    END""",
    """CREATE TRIGGER audit_entry_kept_update BEFORE UPDATE ON audit_entry BEGIN
        SELECT RAISE(ABORT, 'the audit trail is append-only');
    END""",
    """CREATE TRIGGER audit_entry_kept_delete BEFORE DELETE ON audit_entry BEGIN
        SELECT RAISE(ABORT, 'the audit trail is append-only');
    END""",
)

POSTGRESQL_AUDIT = (
    """CREATE FUNCTION audit_words(search text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_to_tsvector(string_to_array(trim(search), ' '))
    $$""",
    "CREATE INDEX audit_entry_search ON audit_entry USING gin (audit_words(search)) WITH (fastupdate = off)",
    """CREATE FUNCTION audit_entry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END
    $$""",
    """CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_kept()""",
)


def is_sqlite(db):
    return db.param == "?"


def up(migrator, db):
    db.create_tables(tables(db))
    for statement in SQLITE_SEARCH + SQLITE_AUDIT if is_sqlite(db) else POSTGRESQL_SEARCH + POSTGRESQL_AUDIT:
        db.execute_sql(statement)


def down(migrator, db):
    if is_sqlite(db):
        for name in ("insert", "delete", "update"):
            db.execute_sql(f"DROP TRIGGER client_search_{name}")
        db.execute_sql("DROP TABLE client_search")
        db.execute_sql("DROP TRIGGER audit_entry_search_insert")
        db.execute_sql("DROP TABLE audit_entry_search")
    db.drop_tables(list(reversed(tables(db))))
    if not is_sqlite(db):
        db.execute_sql("DROP FUNCTION client_words(text)")
        db.execute_sql("DROP FUNCTION audit_words(text)")
        db.execute_sql("DROP FUNCTION audit_entry_kept()")
