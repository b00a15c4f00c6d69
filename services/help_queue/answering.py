"""The desk's side of the help queue: take, answer, hand over, close."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from models.help_queue import HelpRequest
from models.states import HelpAuthor, HelpState
from services import audit, persons, sessions
from services.actor import Actor
from services.context import Context
from services.errors import Invalid, Refused
from services.help_queue import chats, finding, lines, transcript
from services.help_queue.chats import HelpQuery, HelpRows
from services.help_queue.masking import mask
from services.help_queue.sight import about, find_held, first_name, in_sight, kept_about, name_of, not_here
from services.help_queue.values import Chat, Colleague, FoundPerson, HelpCounts
from services.person_key import PersonKey
from services.rights import Right
from services.rules import Problem, clean_text
from services.text import safe

_LONGEST_END = 200

_TAKE_FIRST = "Nobody has taken this request yet. Take it, then answer."
_CLOSED = "This request is closed. Reopen it first."
_OPEN = "This request is not closed."
_NO_ACCOUNT = "Requests are answered by people with an account of their own. Sign in with yours."
_PROVED = "Whom this is about is known surely: they asked while signed in."


class HelpQueue:
    """Agents answer whoever asks, auditors look; offices narrow whose requests there are."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def rows(self, actor: Actor, query: HelpQuery) -> HelpRows:
        """The table of the requests that a query asks for; nothing is read yet."""
        return HelpRows(self._ctx, actor, query)

    def counts(self, actor: Actor) -> HelpCounts:
        """The numbers for the tab and the bell. Raises Refused."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return chats.count(actor)

    def chat(self, actor: Actor, request_id: int) -> Chat:
        """One request, with all that was said. Raises NotFound."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            row = HelpRequest.get_or_none((HelpRequest.id == request_id) & in_sight(actor))
            if row is None:
                raise not_here()
            [shown] = chats.rows_where(self._ctx, actor, HelpRequest.id == request_id)
            person, proved = about(actor, row)
            visit = chats.visit_of(row)
            return Chat(
                row=shown,
                lines=lines.lines_of(row.id, notes=True),
                person=person,
                person_name="" if person is None else safe(persons.name_of(persons.find(actor, person))),
                proved=proved,
                linked=person is not None and kept_about(row) is not None,
                step=visit.step if visit else None,
                visit=int(visit.id) if visit else None,
                me=first_name(actor.identity_id),
                version=row.version,
            )

    def take(self, actor: Actor, request_id: int) -> Chat:
        """Answer this one; of two who try at once exactly one gets it, and the other is told who has it.

        Taking what one has already changes nothing. Raises NotFound, Refused or Forbidden.
        """
        with self._acting(actor, audit.Action.HELP_TAKEN):
            now = self._ctx.clock.now()
            taken = (
                HelpRequest.update(state=HelpState.TAKEN, agent=actor.identity_id)
                .where((HelpRequest.id == request_id) & (HelpRequest.state == HelpState.WAITING) & in_sight(actor))
                .execute()
            )
            row = find_held(self._ctx, actor, request_id)
            if not taken and (row.state is HelpState.CLOSED or row.agent_id != actor.identity_id):
                raise Refused(_CLOSED if row.state is HelpState.CLOSED else self._theirs(row))
            if taken:
                HelpRequest.update(answered_at=now).where(
                    (HelpRequest.id == request_id) & HelpRequest.answered_at.is_null()
                ).execute()
                self._tell(row, f"{first_name(actor.identity_id)} is here for you now.")
                self._record(actor, audit.Action.HELP_TAKEN, row)
        return self.chat(actor, request_id)

    def say(self, actor: Actor, request_id: int, words: str) -> None:
        """Say a line to the person; secrets in it are masked. Raises Invalid for `words`, NotFound or Refused."""
        words = lines.clean_words(words)
        with self._acting(actor):
            self._own(actor, request_id)
            lines.add(self._ctx, request_id, HelpAuthor.AGENT, first_name(actor.identity_id), words)

    def note(self, actor: Actor, request_id: int, words: str) -> None:
        """Write something for colleagues, which the person never sees, also when it is closed.

        Raises Invalid for `words`, NotFound or Refused.
        """
        words = lines.clean_words(words)
        with self._acting(actor):
            find_held(self._ctx, actor, request_id)
            lines.add(self._ctx, request_id, HelpAuthor.NOTE, actor.name, words)

    def hand_over(self, actor: Actor, request_id: int, to: int | None, note: str = "") -> None:
        """Give an open request to a colleague by the number of their account, or back to the queue with None.

        Whoever sees a request may do it, so that nobody waits for an agent who has gone home; also to themselves.
        Raises Invalid for `words` of the note, NotFound or Refused.
        """
        told = lines.clean_words(note) if note.strip() else ""
        with self._acting(actor, audit.Action.HELP_HANDED_OVER):
            row = find_held(self._ctx, actor, request_id)
            if row.state is HelpState.CLOSED:
                raise Refused(_CLOSED)
            colleague = None if to is None else finding.colleague(self._ctx, row, to)
            state = HelpState.WAITING if to is None else HelpState.TAKEN
            HelpRequest.update(state=state, agent=to).where(HelpRequest.id == row.id).execute()
            if to is not None and row.answered_at is None:
                HelpRequest.update(answered_at=self._ctx.clock.now()).where(HelpRequest.id == row.id).execute()
            if told:
                lines.add(self._ctx, row.id, HelpAuthor.NOTE, actor.name, told)
            if to is None:
                self._tell(row, "You wait for the next free colleague.")
            else:
                self._tell(row, f"{first_name(to)} is here for you now.")
            self._record(
                actor,
                audit.Action.HELP_HANDED_OVER,
                row,
                reason=told,
                to="the queue" if colleague is None else colleague.name,
                before=name_of(row.agent_id),
            )

    def close(self, actor: Actor, request_id: int, how: str) -> None:
        """End a request; `how` it ended and what was said stand in the history of the person whom it is about.

        Raises Invalid for `how`, NotFound or Refused.
        """
        told = _ending(how)
        with self._acting(actor, audit.Action.HELP_CLOSED):
            row = find_held(self._ctx, actor, request_id)
            if row.state is HelpState.CLOSED:
                raise Refused("This request is closed already.")
            HelpRequest.update(
                state=HelpState.CLOSED, closed_at=self._ctx.clock.now(), closed_by=actor.name[:201]
            ).where(HelpRequest.id == row.id).execute()
            lines.add(self._ctx, row.id, HelpAuthor.NOTE, actor.name, f"Ended: {told}")
            self._tell(row, f"{first_name(actor.identity_id)} has closed the request.")
            self._record(actor, audit.Action.HELP_CLOSED, row, reason=told, **transcript.details_of(row.id))

    def reopen(self, actor: Actor, request_id: int) -> None:
        """Go on with a closed request; whoever reopens it has it. Raises NotFound or Refused."""
        with self._acting(actor, audit.Action.HELP_REOPENED):
            row = find_held(self._ctx, actor, request_id)
            if row.state is not HelpState.CLOSED:
                raise Refused(_OPEN)
            HelpRequest.update(state=HelpState.TAKEN, agent=actor.identity_id, closed_at=None, closed_by="").where(
                HelpRequest.id == row.id
            ).execute()
            self._tell(row, f"{first_name(actor.identity_id)} has reopened the request.")
            self._record(actor, audit.Action.HELP_REOPENED, row)

    def link(self, actor: Actor, request_id: int, person: PersonKey | None) -> None:
        """Say whom an open request is about, None for nobody known. Raises NotFound or Refused."""
        with self._acting(actor):
            row = find_held(self._ctx, actor, request_id)
            found = None if person is None else persons.find(actor, person)
            if row.state is HelpState.CLOSED:
                raise Refused(_CLOSED)
            if about(actor, row)[1]:
                raise Refused(_PROVED)
            HelpRequest.update(**persons.numbers(person)).where(HelpRequest.id == row.id).execute()
            name = "nobody who is known" if found is None else safe(persons.name_of(found))
            lines.add(self._ctx, row.id, HelpAuthor.NOTE, actor.name, f"This is about {name}.")

    def colleagues(self, actor: Actor, request_id: int) -> tuple[Colleague, ...]:
        """Who else can answer this request, those at a desk first. Raises NotFound."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            row = HelpRequest.get_or_none((HelpRequest.id == request_id) & in_sight(actor))
            if row is None:
                raise not_here()
            return finding.colleagues(self._ctx, row, but=actor.identity_id)

    def find_people(self, actor: Actor, words: str) -> tuple[FoundPerson, ...]:
        """The first clients and office staff who match, for `link`; nobody without words. Raises Refused."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
        return finding.people(self._ctx, actor, words)

    @contextmanager
    def _acting(self, actor: Actor, action: audit.Action | None = None) -> Iterator[None]:
        """A unit of work of somebody who may answer; with an action, what refuses it is written down."""
        with nullcontext() if action is None else audit.refusals_recorded(self._ctx, actor, action), self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            if actor.identity_id is None:
                raise Refused(_NO_ACCOUNT)
            yield

    def _own(self, actor: Actor, request_id: int) -> HelpRequest:
        """A request that the actor has. Raises NotFound or Refused."""
        row = find_held(self._ctx, actor, request_id)
        if row.state is HelpState.CLOSED:
            raise Refused(_CLOSED)
        if row.state is HelpState.WAITING:
            raise Refused(_TAKE_FIRST)
        if row.agent_id != actor.identity_id:
            raise Refused(self._theirs(row))
        return row

    def _theirs(self, row: HelpRequest) -> str:
        who = name_of(row.agent_id) or "Somebody whose account is gone"
        return f"{who} has this request. Leave a note, or take it over with Hand over."

    def _tell(self, row: HelpRequest, words: str) -> None:
        lines.add(self._ctx, row.id, HelpAuthor.DESK, "", words)

    def _record(
        self, actor: Actor, action: audit.Action, row: HelpRequest, *, reason: str = "", **details: str
    ) -> None:
        # Whom a kiosk only proposes is nobody to whose history this belongs.
        key = kept_about(row)
        audit.record(
            self._ctx,
            actor,
            action,
            **persons.numbers(key),
            identity_id=row.identity_id,
            subject=row.name,
            reason=reason,
            details={"request": row.id, "topic": row.topic} | details,
        )


def _ending(how: str) -> str:
    try:
        told = mask(clean_text(how, _LONGEST_END))
    except Problem as refusal:
        raise Invalid({"how": refusal.sentence}) from refusal
    if not told:
        raise Invalid({"how": "Say in a few words how it ended; the history keeps it."})
    return told
