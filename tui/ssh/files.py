"""The files of a desk over SSH, whole and with their comments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.ssh.layout import Door, Layout
from tui.ssh.rules import general_rules, groups

OURS = "written by `trakdesk ssh install`"
"""Stands in every file, so that no other is overwritten."""

HOST_KEYS = (Path("/etc/ssh/ssh_host_ed25519_key"), Path("/etc/ssh/ssh_host_rsa_key"))
"""Those of the machine: whoever knows it by one port knows it by the other."""

PROGRAM = 0o755
READABLE = 0o644


@dataclass(frozen=True, slots=True)
class File:
    """One file, as it is to be.

    Attributes:
        what: in words, for whoever is told of it.
        mode: its rights; it belongs to root.
    """

    path: Path
    what: str
    text: str
    mode: int = READABLE


def files(layout: Layout) -> list[File]:
    """All files of a layout, programs first."""
    found = [
        File(layout.launcher, "login shell and forced command", _launcher(layout), PROGRAM),
        File(layout.key_program, "looks up whose key it is", _key_program(layout), PROGRAM),
        File(layout.drop_in, "what SSH servers do with the account", drop_in(layout)),
    ]
    if layout.port:
        found += [
            File(layout.server_config, "an SSH server of its own", _server(layout)),
            File(layout.unit, "the unit that runs it", unit(layout)),
        ]
    return found


def drop_in(layout: Layout) -> str:
    """The part of the server's configuration that is about the account."""
    lines = [
        f"# Trakdesk over SSH, {OURS}; run that again instead of changing this file.",
        "# `trakdesk ssh check` proves it against the running server. Needs OpenSSH 9.2 or newer.",
        layout.settings_line(),
        "",
        f"Match User {layout.account}",
    ]
    for group in groups(layout):
        lines += ["", *(f"    # {line}" for line in group.why)]
        lines += [f"    {rule.keyword} {rule.value}" for rule in group.rules]
    return "\n".join([*lines, "", "# What follows in other files is about everybody again.", "Match all", ""])


def _launcher(layout: Layout) -> str:
    arguments = f"sessions={layout.sessions}, sessions_per_address={layout.sessions_per_address}"
    return f"""#!{layout.python} -IXutf8
# The login shell and the forced command of the account "{layout.account}", {OURS}.
# It opens the desk and nothing else, whatever it is asked for. Do not name it in /etc/shells: `su -s` takes
# another shell for an account only when the account's own one stands there.
import sys

from tui.ssh.entrance import enter

sys.exit(enter({str(layout.home)!r}, {arguments}))
"""


def _key_program(layout: Layout) -> str:
    return f"""#!{layout.python} -IXutf8
# sshd asks here, with user, kind and key, whether the key is bound to somebody, {OURS}.
import sys

from tui.ssh.entrance import look_up_key

sys.exit(look_up_key({str(layout.home)!r}, sys.argv[1:]))
"""


def _server(layout: Layout) -> str:
    keys = [key for key in HOST_KEYS if layout.on_disk(key).exists()] or HOST_KEYS
    general = {rule.keyword: rule.value for rule in general_rules(layout)}
    return f"""\
# An SSH server for the desk alone, {OURS}; {layout.service} runs it.
# Run that again instead of changing this file. The machine's own server is another one and stays as it is.

Port {layout.port}
AddressFamily any
{chr(10).join(f"HostKey {key}" for key in keys)}
PidFile /run/{layout.name}-sshd.pid

# Nobody but the account of the desk, and no way for an account to bring variables.
AllowUsers {layout.account}
PermitRootLogin no
PermitUserEnvironment {general["PermitUserEnvironment"]}
StrictModes yes
{_pam(layout)}
# A connection that has not been let in after 20 seconds is closed. Half-open ones are dropped at random from 100 on,
# all from 200 on, and any beyond 15 from one address or one IPv6 network: others still get in.
LoginGraceTime 20
MaxStartups 100:30:200
PerSourceMaxStartups 15
PerSourceNetBlockSize 32:64

# What is known to be sound, and no more. Minus takes away from what this version of OpenSSH offers, so that newer
# and better methods are there by themselves.
KexAlgorithms -ecdh-sha2-nistp*,diffie-hellman-group14-*,diffie-hellman-group-exchange-*
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes128-ctr
MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,umac-128-etm@openssh.com
HostKeyAlgorithms ssh-ed25519,rsa-sha2-512,rsa-sha2-256
PubkeyAcceptedAlgorithms -*-cert-v01@openssh.com,ssh-rsa,ssh-dss
RequiredRSASize 2048

# On a slow line a screen is a fifth of its size when compressed. It begins only once the account is open.
Compression delayed
TCPKeepAlive yes

# The desk says what there is to say. There is no Subsystem: no file transfer of any kind.
PrintMotd no
PrintLastLog no
VersionAddendum none
UseDNS no
SyslogFacility AUTH
LogLevel INFO

# What it does with the account.
Include {layout.drop_in}
"""


def _pam(layout: Layout) -> str:
    if layout.door is Door.OPEN:
        why = "PAM finds that the account's password is empty, and opens the session."
    else:
        why = "PAM opens the session: limits, log-in records, and no log-in while the machine goes down."
    return f"# {why}\nUsePAM yes\n"


def unit(layout: Layout) -> str:
    """The unit of the desk's own server."""
    return f"""\
# The desk's own SSH server, {OURS}. See docs/ssh.md.
[Unit]
Description=Trakdesk over SSH
After=network-online.target nss-user-lookup.target postgresql.service
Wants=network-online.target

[Service]
Type=exec
ExecStartPre=/usr/sbin/sshd -t -f {layout.server_config}
ExecStart=/usr/sbin/sshd -D -f {layout.server_config}
ExecReload=/usr/sbin/sshd -t -f {layout.server_config}
ExecReload=/bin/kill -HUP $MAINPID
# Sessions end with it.
KillMode=control-group
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=255
TimeoutStopSec=15
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes

# sshd needs root to become the account. It keeps the rights for that and no others; the desks, which have none,
# see the same locked machine.
CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE CAP_KILL CAP_SYS_CHROOT
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL CAP_SYS_RESOURCE
NoNewPrivileges=yes
UMask=0077
LimitCORE=0
TasksMax={layout.sessions * 25 + 200}
# Whatever the desks take, the machine keeps some, and one that takes too much ends alone.
MemoryHigh=75%
MemoryMax=85%
OOMPolicy=continue
ProtectSystem=strict
ReadWritePaths={layout.home} /run /var/run /var/log
ProtectHome=yes
PrivateTmp=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
# No SystemCallFilter: sshd locks its own children into a smaller set, and needs chroot for that.

[Install]
WantedBy=multi-user.target
"""
