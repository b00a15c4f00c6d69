"""What sshd is told about the account of the desk: each line with its reason, once, for whoever writes or checks it."""

from __future__ import annotations

from dataclasses import dataclass

from tui.ssh.layout import Door, Layout

TAKEN = ("TRAKDESK_THEME", "NO_COLOR", "COLORTERM")
"""The variables that a client may send; all three speak of colours only."""

UNUSED_SECONDS = 10
"""After so long without a terminal a connection is closed: nobody keeps one open for nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the drop-in.

    Attributes:
        danger: what somebody could do without it, as `trakdesk ssh check` says it.
        worst: what another file could say instead; it is what the tests put there.
    """

    keyword: str
    value: str
    danger: str
    worst: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together.

    Attributes:
        why: the comment above them, in lines that fit.
    """

    why: tuple[str, ...]
    rules: tuple[Rule, ...]


def groups(layout: Layout) -> tuple[Group, ...]:
    """All lines for the account, in the order of the file."""
    return (
        Group(
            (
                "The desk, whatever the client asks for: no command, no shell, no file transfer, no rc file.",
                "The launcher is the login shell too, so nothing else of this account can be started.",
            ),
            (
                Rule("ForceCommand", str(layout.launcher), "another program than the desk runs", "/bin/sh"),
                Rule("PermitTTY", "yes", "the desk gets no terminal to draw on", "no"),
                Rule("PermitUserRC", "no", "a file rc runs in a shell at each sign-in", "yes"),
                Rule("MaxSessions", "1", "one connection carries several sessions", "10"),
            ),
        ),
        Group(
            (
                "Nothing but that terminal goes through. The first line forbids all forwarding; the others say it",
                "again one by one, for a server that is older or set otherwise.",
            ),
            (
                Rule("DisableForwarding", "yes", "kinds of forwarding that a newer server adds are open", "no"),
                Rule("AllowTcpForwarding", "no", "ports are forwarded, so that this machine is a way around", "yes"),
                Rule("AllowStreamLocalForwarding", "no", "sockets of this machine are forwarded", "yes"),
                Rule("AllowAgentForwarding", "no", "a key agent is forwarded to this machine", "yes"),
                Rule("X11Forwarding", "no", "windows are forwarded", "yes"),
                Rule("PermitTunnel", "no", "networks are joined by a tunnel", "yes"),
                Rule("GatewayPorts", "no", "forwarded ports are open to other machines", "yes"),
                Rule("PermitOpen", "none", "forwarding has no list of targets that is empty", "any"),
                Rule("PermitListen", "none", "forwarding has no list of ports that is empty", "any"),
            ),
        ),
        Group(
            (
                "Of the client's environment only its wishes about colours. A list inside Match takes the place of the",
                "machine's own, so that its LANG and LC_* are not taken here.",
            ),
            (Rule("AcceptEnv", " ".join(TAKEN), "variables of the client reach the program", "LANG LC_*"),),
        ),
        Group(
            (
                "A line that is dead ends its session after 20 to 40 seconds; one that opens no terminal is closed.",
                "These questions are no octets of the desk's: they keep a firewall from forgetting a quiet line.",
            ),
            (
                Rule("ClientAliveInterval", "5", "a dead line is not noticed", "0"),
                Rule("ClientAliveCountMax", "3", "a dead line is noticed late", "1000"),
                Rule("UnusedConnectionTimeout", str(UNUSED_SECONDS), "connections without a desk stay open", "none"),
            ),
        ),
        _door(layout),
        Group(
            (
                "Keys are looked up in the desk's database, where administrators bind them to people, nowhere else.",
                "Which key it was is told to the session, in a file that sshd writes.",
            ),
            (
                # sshd 9.2 passes over this line once a command for keys is named.
                Rule("AuthorizedPrincipalsCommand", "none", "a certificate opens the account", "/bin/true"),
                Rule("PubkeyAuthentication", "yes", "keys that are bound to people open nothing", "no"),
                Rule("AuthorizedKeysFile", "none", "a file of keys opens the account beside the desk's list", "/etc/k"),
                Rule(
                    "AuthorizedKeysCommand",
                    f"{layout.key_program} %u %t %k",
                    "keys that are bound to people open nothing",
                    "/bin/true",
                ),
                Rule("AuthorizedKeysCommandUser", layout.account, "the look for keys runs as somebody else", "nobody"),
                Rule("AuthorizedPrincipalsFile", "none", "a certificate opens the account", "/etc/p"),
                Rule("TrustedUserCAKeys", "none", "a certificate opens the account", "/etc/ca"),
                Rule("ExposeAuthInfo", "yes", "the desk does not learn which key was used", "no"),
            ),
        ),
        Group(
            ("Nothing is shown before the desk: what it has to say stands on its own first screen.",),
            (Rule("Banner", "none", "a text stands before the desk", "/etc/issue.net"),),
        ),
    )


def _door(layout: Layout) -> Group:
    others = (
        Rule("PasswordAuthentication", "no", "sshd asks for a password of its own", "yes"),
        Rule("HostbasedAuthentication", "no", "another machine vouches for its users", "yes"),
        Rule("GSSAPIAuthentication", "no", "Kerberos opens the account", "yes"),
        Rule("MaxAuthTries", "10", "a connection tries keys too often, or a full key agent is turned away", "6"),
    )
    if layout.door is Door.KEYS:
        return Group(
            (
                "The door is open to keys that are bound to people. The desk then asks for the rest.",
                "A client with more keys than ten has to name the right one: ssh -i FILE -o IdentitiesOnly=yes",
            ),
            (
                Rule("AuthenticationMethods", "publickey", "more than bound keys opens the account", "any"),
                Rule("KbdInteractiveAuthentication", "no", "the account opens without a key", "yes"),
                Rule("PermitEmptyPasswords", "no", "an empty password opens the account", "yes"),
                *others,
            ),
        )
    return Group(
        (
            "The door is open: sshd asks for nothing, and everybody reaches the desk's own sign-in form, which asks",
            "for everything. A key that is bound to a person comes first; without one the account's empty password is",
            "found by PAM without a question. The method none is not used: clients try it before any key.",
            "A client with more keys than ten has to name the right one: ssh -i FILE -o IdentitiesOnly=yes",
        ),
        (
            Rule(
                "AuthenticationMethods",
                "publickey keyboard-interactive:pam",
                "the door is not the one that was chosen",
                "password",
            ),
            Rule("KbdInteractiveAuthentication", "yes", "nobody comes in without a key", "no"),
            Rule("PermitEmptyPasswords", "yes", "nobody comes in without a key", "no"),
            *others,
        ),
    )


def rules(layout: Layout) -> list[Rule]:
    """All lines without their groups."""
    return [rule for group in groups(layout) for rule in group.rules]


def general_rules(layout: Layout) -> list[Rule]:
    """What holds for the whole server and cannot stand in the part about one account."""
    environment = Rule("PermitUserEnvironment", "no", "a file in the account's home sets variables", "yes")
    if layout.door is Door.KEYS:
        return [environment]
    return [environment, Rule("UsePAM", "yes", "nobody comes in without a key", "no")]
